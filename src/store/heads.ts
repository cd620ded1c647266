import type Database from 'better-sqlite3';
import { type SignedHead, signedHeadSchema } from '../core/ledger/head.ts';
import { damaged, type Guard, isConflict } from './failures.ts';

/** Signed heads of runs: append-only, one for an event at most. */
export interface Heads {
  /** False when another process has signed the same event meanwhile. */
  add(head: SignedHead): boolean;
  /** In the order of events. */
  of(run: string): SignedHead[];
  last(run: string): SignedHead | null;
  /** Runs with events after their last head, or without one; oldest first. */
  behind(): string[];
}

export function headsIn(db: Database.Database, guard: Guard): Heads {
  const columns = 'run, seq, hash, time, key, signature';
  const insert = db.prepare(`INSERT INTO run_heads (${columns}) VALUES (?, ?, ?, ?, ?, ?)`);
  const all = db.prepare(`SELECT ${columns} FROM run_heads WHERE run = ? ORDER BY seq`);
  const newest = db.prepare(
    `SELECT ${columns} FROM run_heads WHERE run = ? ORDER BY seq DESC LIMIT 1`,
  );
  const late = db
    .prepare<[], string>(
      `SELECT id FROM runs WHERE
         (SELECT max(seq) FROM events WHERE events.run = runs.id) >
         coalesce((SELECT max(seq) FROM run_heads WHERE run_heads.run = runs.id), 0)
       ORDER BY created_at, id`,
    )
    .pluck();

  function parsed(row: unknown): SignedHead {
    const head = signedHeadSchema.safeParse(row);
    if (!head.success) throw damaged(db.name, 'a signed head', head.error.message);
    return head.data;
  }

  return {
    add: ({ run, seq, hash, time, key, signature }) =>
      guard(() => {
        try {
          insert.run(run, seq, hash, time, key, signature);
          return true;
        } catch (thrown) {
          if (isConflict(thrown)) return false;
          throw thrown;
        }
      }),
    of: (run) => guard(() => all.all(run).map(parsed)),
    last: (run) =>
      guard(() => {
        const found = newest.get(run);
        return found === undefined ? null : parsed(found);
      }),
    behind: () => guard(() => late.all()),
  };
}
