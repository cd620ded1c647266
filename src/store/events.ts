import type Database from 'better-sqlite3';
import { canonical } from '../core/ledger/canonical.ts';
import type { StoredEvent } from '../core/ledger/chain.ts';
import { eventBodySchema, type RunEvent, runEventSchema } from '../core/run/events.ts';
import { damaged, drivenElsewhere, type Guard, isConflict } from './failures.ts';

/** The ledgers: append-only, in order, each event following the hash of the one before. */
export interface Events {
  /** All of them or none. Throws `run-driven-elsewhere` when another process came first. */
  append(events: readonly RunEvent[]): void;
  /** Events of a run after `afterSeq` (default 0: all), in order. */
  read(run: string, afterSeq?: number): RunEvent[];
  /** At most `count` of them. */
  page(run: string, afterSeq: number, count: number): RunEvent[];
  /** All of them after `afterSeq`, without holding all at once; other calls may be made in between. */
  iterate(run: string, afterSeq?: number): Iterable<RunEvent>;
  /** The same as they are stored: nothing is parsed, and whatever is there is given. */
  stored(run: string, afterSeq?: number): Iterable<StoredEvent>;
  /** The hash of one event; null where there is none. */
  hashOf(run: string, seq: number): string | null;
  /** The last event's place and hash; null for a run without events. */
  head(run: string): { seq: number; hash: string } | null;
}

/** Columns have these types because the table is strict; as a list they are read much faster. */
type Row = [
  seq: number,
  time: string,
  mono: number,
  session: string,
  body: string,
  prev: string,
  hash: string,
];

/** Events fetched at a time. */
const PAGE = 1_000;

export function eventsIn(db: Database.Database, guard: Guard): Events {
  const insert = db.prepare(
    'INSERT INTO events (run, seq, time, mono, session, body, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const rows = db
    .prepare<[string, number, number], Row>(
      `SELECT seq, time, mono, session, body, prev, hash FROM events
       WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?`,
    )
    .raw();
  const last = db.prepare<[string], { seq: number; hash: string }>(
    'SELECT seq, hash FROM events WHERE run = ? ORDER BY seq DESC LIMIT 1',
  );
  const one = db
    .prepare<[string, number], string>('SELECT hash FROM events WHERE run = ? AND seq = ?')
    .pluck();
  const insertAll = db.transaction((events: readonly RunEvent[]) => {
    for (const e of events) {
      // So that a hash can be checked without parsing.
      const body = canonical(e.body);
      insert.run(e.run, e.seq, e.time, e.mono, e.session, body, e.prev, e.hash);
    }
  });

  function* stored(run: string, afterSeq = 0): Generator<StoredEvent> {
    let after = afterSeq;
    for (;;) {
      const page = guard(() => rows.all(run, after, PAGE));
      for (const row of page) {
        const event = eventOf(run, row);
        yield event;
        after = event.seq;
      }
      if (page.length < PAGE) return;
    }
  }

  function* iterate(run: string, afterSeq = 0): Generator<RunEvent> {
    for (const row of stored(run, afterSeq)) yield parsed(db.name, row);
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
    page: (run, afterSeq, count) =>
      guard(() => rows.all(run, afterSeq, count)).map((row) => parsed(db.name, eventOf(run, row))),
    read: (run, afterSeq = 0) => [...iterate(run, afterSeq)],
    iterate,
    stored,
    hashOf: (run, seq) => guard(() => one.get(run, seq) ?? null),
    head: (run) => guard(() => last.get(run) ?? null),
  };
}

function eventOf(run: string, [seq, time, mono, session, body, prev, hash]: Row): StoredEvent {
  return { run, seq, time, mono, session, body, prev, hash };
}

/**
 * Checked against the schema but given as it was stored: a field that a schema does not know is
 * part of the hash, and leaving it out would make a true ledger look forged or a forged one true.
 */
function parsed(file: string, row: StoredEvent): RunEvent {
  let why: string;
  try {
    const body: unknown = JSON.parse(row.body);
    const event = { ...row, body };
    if (isRunEvent(event)) return event;
    why = runEventSchema.safeParse(event).error?.message ?? '';
  } catch (thrown) {
    why = String(thrown);
  }
  throw damaged(file, `run ${row.run}, event ${row.seq}`, why);
}

/** A time as Muster writes it. Others that the schema allows are left to the schema. */
const plainTime =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/**
 * The table is strict, so around the body only the time and the sign of `mono` are to be checked.
 * That matters for a ledger of 100,000 events: the whole schema takes three times as long.
 */
function isRunEvent(event: Omit<StoredEvent, 'body'> & { body: unknown }): event is RunEvent {
  return plainTime.test(event.time) && event.mono >= 0
    ? eventBodySchema.safeParse(event.body).success
    : runEventSchema.safeParse(event).success;
}
