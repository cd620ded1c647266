import type Database from 'better-sqlite3';
import { type ReviewEvent, reviewEventSchema } from '../core/review/events.ts';
import { damaged, type Guard } from './failures.ts';

/** The ledger of reviews: append-only, in order, each event following the hash of the one before. */
export interface ReviewLedger {
  /** Inside a transaction that read `head`, so that no other process comes between. */
  append(event: ReviewEvent): void;
  /** Events after `afterSeq` (default 0: all), in order, without holding all of them. */
  iterate(afterSeq?: number): Iterable<ReviewEvent>;
  /** The last event's place and hash; null when nothing was reviewed yet. */
  head(): { seq: number; hash: string } | null;
}

interface Row {
  seq: unknown;
  time: unknown;
  body: unknown;
  prev: unknown;
  hash: unknown;
}

/** Events fetched at a time. */
const PAGE = 500;

export function reviewsIn(db: Database.Database, guard: Guard): ReviewLedger {
  const insert = db.prepare(
    'INSERT INTO reviews (seq, time, sha256, body, prev, hash) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const page = db.prepare<[number, number], Row>(
    'SELECT seq, time, body, prev, hash FROM reviews WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const last = db.prepare<[], { seq: number; hash: string }>(
    'SELECT seq, hash FROM reviews ORDER BY seq DESC LIMIT 1',
  );
  function* iterate(afterSeq = 0): Generator<ReviewEvent> {
    let after = afterSeq;
    for (;;) {
      const rows = guard(() => page.all(after, PAGE));
      for (const row of rows) yield parsed(db.name, row);
      if (rows.length < PAGE) return;
      after = Number(rows.at(-1)?.seq);
    }
  }
  return {
    append: ({ seq, time, body, prev, hash }) =>
      guard(() => {
        insert.run(seq, time, body.sha256, JSON.stringify(body), prev, hash);
      }),
    iterate,
    head: () => guard(() => last.get() ?? null),
  };
}

/** Checked, but given as it was stored: the hash covers fields that this version does not know. */
function parsed(file: string, row: Row): ReviewEvent {
  let why: string;
  try {
    const event: unknown = { ...row, body: JSON.parse(String(row.body)) };
    if (isReviewEvent(event)) return event;
    why = reviewEventSchema.safeParse(event).error?.message ?? '';
  } catch (thrown) {
    why = String(thrown);
  }
  throw damaged(file, `review ${String(row.seq)}`, why);
}

function isReviewEvent(value: unknown): value is ReviewEvent {
  return reviewEventSchema.safeParse(value).success;
}
