import type Database from 'better-sqlite3';
import { z } from 'zod';
import { damaged, type Guard } from './failures.ts';

const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** Opaque id of the process's start, so that a pid used again is not taken for the old process. */
  startedAt: z.string(),
  host: z.string(),
  surface: z.enum(['app', 'cli']),
});
/** A process that drives a run. */
export type Holder = z.infer<typeof holderSchema>;

/** Who drives which run: at most one process each. */
export interface Leases {
  /** Takes the lease when it is free, already ours, or its holder is not alive. */
  take(
    run: string,
    holder: Holder,
    isAlive: (holder: Holder) => boolean,
  ): { taken: true } | { taken: false; holder: Holder };
  /** Gives the lease back; nothing happens when it is not `holder`'s. */
  release(run: string, holder: Holder): void;
  /** The holder on record, alive or not. */
  of(run: string): Holder | null;
}

export function leasesIn(db: Database.Database, guard: Guard): Leases {
  const select = db.prepare(
    'SELECT pid, started_at AS startedAt, host, surface FROM leases WHERE run = ?',
  );
  const put = db.prepare(
    `INSERT INTO leases (run, pid, started_at, host, surface) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (run) DO UPDATE SET pid = excluded.pid, started_at = excluded.started_at,
       host = excluded.host, surface = excluded.surface`,
  );
  const remove = db.prepare(
    'DELETE FROM leases WHERE run = ? AND pid = ? AND started_at = ? AND host = ?',
  );

  function of(run: string): Holder | null {
    const found = select.get(run);
    if (found === undefined) return null;
    const row = holderSchema.safeParse(found);
    if (!row.success) throw damaged(db.name, `who drives run ${run}`, row.error.message);
    return row.data;
  }

  const take = db.transaction(
    (
      run: string,
      holder: Holder,
      isAlive: (holder: Holder) => boolean,
    ): ReturnType<Leases['take']> => {
      const current = of(run);
      if (current && !sameProcess(current, holder) && isAlive(current)) {
        return { taken: false, holder: current };
      }
      put.run(run, holder.pid, holder.startedAt, holder.host, holder.surface);
      return { taken: true };
    },
  );

  return {
    // Under the write lock, so that two processes cannot both find a dead holder and go on.
    take: (run, holder, isAlive) => guard(() => take.immediate(run, holder, isAlive)),
    release: (run, holder) =>
      guard(() => {
        remove.run(run, holder.pid, holder.startedAt, holder.host);
      }),
    of: (run) => guard(() => of(run)),
  };
}

function sameProcess(a: Holder, b: Holder): boolean {
  return a.pid === b.pid && a.startedAt === b.startedAt && a.host === b.host;
}
