import initial from './migrations/001-initial.sql?raw';
import pins from './migrations/002-pins.sql?raw';
import reviews from './migrations/003-reviews.sql?raw';
import people from './migrations/004-people.sql?raw';
import heads from './migrations/005-heads.sql?raw';
import targets from './migrations/006-targets.sql?raw';
import snapshots from './migrations/007-snapshots.sql?raw';

export interface Migration {
  /** The `user_version` of a database after it, from 1 without gaps. */
  version: number;
  sql: string;
}

/** All steps from an empty file to this version. A released one never changes. */
export const migrations: readonly Migration[] = [
  { version: 1, sql: initial },
  { version: 2, sql: pins },
  { version: 3, sql: reviews },
  { version: 4, sql: people },
  { version: 5, sql: heads },
  { version: 6, sql: targets },
  { version: 7, sql: snapshots },
];
