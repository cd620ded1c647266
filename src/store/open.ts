import type Database from 'better-sqlite3';
import { type Attachments, attachmentsIn } from './attachments.ts';
import { connect, databaseFile, type OpenOptions } from './connection.ts';
import { type Events, eventsIn } from './events.ts';
import { guardFor, openingFailure } from './failures.ts';
import { type Folders, foldersIn } from './folders.ts';
import { type Heads, headsIn } from './heads.ts';
import { type Leases, leasesIn } from './leases.ts';
import { type Notes, notesIn } from './notes.ts';
import { type Outputs, outputsIn } from './outputs.ts';
import { type People, peopleIn } from './people.ts';
import { type Pins, pinsIn } from './pins.ts';
import { type Recents, recentsIn } from './recents.ts';
import { type ReviewLedger, reviewsIn } from './reviews.ts';
import { type Runs, runsIn } from './runs.ts';
import { type SettingsTable, settingsIn } from './settings.ts';
import { type Snapshots, snapshotsIn } from './snapshots.ts';
import { type Targets, targetsIn } from './targets.ts';
import { type Texts, textsIn } from './texts.ts';

export type { Holder } from './leases.ts';
export type { Notes } from './notes.ts';
export type { KeptOutput, OutputRow, Stream } from './outputs.ts';
export type { PersonRow } from './people.ts';
export type { ListedRun, RunRow } from './runs.ts';
export type { SnapshotRow } from './snapshots.ts';

/** Everything that Muster keeps, in one SQLite file. Several processes may have it open at once. */
export interface Store {
  /** The folder; the database is `muster.db` in it. */
  readonly home: string;
  /**
   * All of `work` or nothing, on disk when this returns. May be nested: an inner one that throws
   * is undone by itself. `work` must not be asynchronous.
   */
  transaction<T>(work: () => T): T;
  /**
   * Does `work` without waiting for another program's lock: it throws `store-locked` almost at once,
   * so that who must not stand still can try again later.
   */
  briefly<T>(work: () => T): T;
  readonly runs: Runs;
  readonly texts: Texts;
  readonly events: Events;
  readonly notes: Notes;
  readonly heads: Heads;
  readonly snapshots: Snapshots;
  readonly outputs: Outputs;
  readonly attachments: Attachments;
  readonly reviews: ReviewLedger;
  readonly people: People;
  readonly leases: Leases;
  readonly folders: Folders;
  readonly recents: Recents;
  readonly pins: Pins;
  readonly targets: Targets;
  readonly settings: SettingsTable;
  /** A number that differs after any write, of this process or another. Cheap enough to poll. */
  changes(): number;
  close(): void;
}

/** Longer than another Muster's own writing takes, and short enough not to be noticed, in ms. */
const BRIEF_MS = 25;

/** Opens or creates the store in `home`. Throws MusterError. */
export function openStore(home: string, options: OpenOptions = {}): Store {
  const file = databaseFile(home);
  let db: Database.Database | undefined;
  try {
    db = connect(home, options);
    return storeOn(db, home, file);
  } catch (thrown) {
    db?.close();
    throw openingFailure(file, thrown);
  }
}

function storeOn(db: Database.Database, home: string, file: string): Store {
  const guard = guardFor(file);
  const inTransaction = db.transaction((work: () => unknown) => work());
  const ownChanges = db.prepare<[], number>('SELECT total_changes()').pluck();
  const othersChanges = db.prepare<[], number>('PRAGMA data_version').pluck();
  return {
    home,
    transaction: <T>(work: () => T): T => guard(() => inTransaction.immediate(work) as T),
    briefly: <T>(work: () => T): T =>
      guard(() => {
        const usual = Number(db.pragma('busy_timeout', { simple: true }));
        db.pragma(`busy_timeout = ${BRIEF_MS}`);
        try {
          return work();
        } finally {
          db.pragma(`busy_timeout = ${usual}`);
        }
      }),
    runs: runsIn(db, guard),
    texts: textsIn(db, guard),
    events: eventsIn(db, guard),
    notes: notesIn(db, guard),
    heads: headsIn(db, guard),
    snapshots: snapshotsIn(db, guard),
    outputs: outputsIn(db, guard),
    attachments: attachmentsIn(db, guard),
    reviews: reviewsIn(db, guard),
    people: peopleIn(db, guard),
    leases: leasesIn(db, guard),
    folders: foldersIn(db, guard),
    recents: recentsIn(db, guard),
    pins: pinsIn(db, guard),
    targets: targetsIn(db, guard),
    settings: settingsIn(db, guard),
    changes: () => guard(() => Number(ownChanges.get()) + Number(othersChanges.get())),
    close: () => guard(() => db.close()),
  };
}
