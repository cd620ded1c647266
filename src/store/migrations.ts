import initial from './migrations/001-initial.sql?raw';

export interface Migration {
  /** The `user_version` of a database after it, from 1 without gaps. */
  version: number;
  sql: string;
}

/** All steps from an empty file to this version. A released one never changes. */
export const migrations: readonly Migration[] = [{ version: 1, sql: initial }];
