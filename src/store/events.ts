import type Database from 'better-sqlite3';
import { type RunEvent, runEventSchema } from '../core/run/events.ts';
import { damaged, drivenElsewhere, type Guard, isConflict } from './failures.ts';

/** The ledgers: append-only, in order, each event following the hash of the one before. */
export interface Events {
  /** All of them or none. Throws `run-driven-elsewhere` when another process came first. */
  append(events: readonly RunEvent[]): void;
  /** Events of a run after `afterSeq` (default 0: all), in order. */
  read(run: string, afterSeq?: number): RunEvent[];
  /** The same, without holding all of them; other calls may be made in between. */
  iterate(run: string, afterSeq?: number): Iterable<RunEvent>;
  /** The last event's place and hash; null for a run without events. */
  head(run: string): { seq: number; hash: string } | null;
}

interface Row {
  seq: unknown;
  time: unknown;
  mono: unknown;
  session: unknown;
  body: unknown;
  prev: unknown;
  hash: unknown;
}

/** Events fetched at a time. */
const PAGE = 1_000;

export function eventsIn(db: Database.Database, guard: Guard): Events {
  const insert = db.prepare(
    'INSERT INTO events (run, seq, time, mono, session, body, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const page = db.prepare<[string, number, number], Row>(
    `SELECT seq, time, mono, session, body, prev, hash FROM events
     WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const last = db.prepare<[string], { seq: number; hash: string }>(
    'SELECT seq, hash FROM events WHERE run = ? ORDER BY seq DESC LIMIT 1',
  );
  const insertAll = db.transaction((events: readonly RunEvent[]) => {
    for (const e of events) {
      const body = JSON.stringify(e.body);
      insert.run(e.run, e.seq, e.time, e.mono, e.session, body, e.prev, e.hash);
    }
  });

  function* iterate(run: string, afterSeq = 0): Generator<RunEvent> {
    let after = afterSeq;
    for (;;) {
      const rows = guard(() => page.all(run, after, PAGE));
      for (const row of rows) yield parsed(db.name, run, row);
      if (rows.length < PAGE) return;
      after = Number(rows.at(-1)?.seq);
    }
  }

  return {
    append: (events) =>
      guard(() => {
        try {
          insertAll.immediate(events);
        } catch (thrown) {
          if (isConflict(thrown)) throw drivenElsewhere(events[0]?.run ?? '');
          throw thrown;
        }
      }),
    read: (run, afterSeq = 0) => [...iterate(run, afterSeq)],
    iterate,
    head: (run) => guard(() => last.get(run) ?? null),
  };
}

/**
 * Checked against the schema but given as it was stored: a field that a schema does not know is
 * part of the hash, and leaving it out would make a true ledger look forged or a forged one true.
 */
function parsed(file: string, run: string, row: Row): RunEvent {
  let why: string;
  try {
    const event: unknown = { run, ...row, body: JSON.parse(String(row.body)) };
    if (isRunEvent(event)) return event;
    why = runEventSchema.safeParse(event).error?.message ?? '';
  } catch (thrown) {
    why = String(thrown);
  }
  throw damaged(file, `run ${run}, event ${String(row.seq)}`, why);
}

function isRunEvent(value: unknown): value is RunEvent {
  return runEventSchema.safeParse(value).success;
}
