import type Database from 'better-sqlite3';
import { z } from 'zod';
import { type EventBody, eventBodySchema } from '../core/run/events.ts';
import type { Guard } from './failures.ts';

/** A note of a run, as whoever looks for notes needs it. */
export interface RunNote {
  /** Place among all events of the store; grows with each. */
  row: number;
  run: string;
  /** Place in the run's ledger. */
  seq: number;
  /** UTC, ISO 8601. */
  at: string;
  by: string;
  text: string;
  /** Title of the step that it is about; null for a note on the whole run. */
  step: string | null;
  /** Title of the run, and the file that it was started from. */
  title: string;
  path: string | null;
}

/** An event up to which the notes are known; its hash tells whether it is still that event. */
export interface NotePlace {
  row: number;
  hash: string;
}

export interface NotePage {
  /** In the order in which they were written. */
  notes: RunNote[];
  /** Where the next page begins; null while the store has no event. */
  place: NotePlace | null;
  /** The place that was given is not in this store: these are the first notes of all. */
  anew: boolean;
  /** There are events behind these. */
  more: boolean;
}

export interface Notes {
  /** The notes among the `limit` events behind a place. */
  after(place: NotePlace | null, limit: number): NotePage;
}

const noteSchema = z.object({
  row: z.number(),
  run: z.string(),
  seq: z.number(),
  at: z.string(),
  body: z.string(),
  title: z.string(),
  path: z.string().nullable(),
});

export function notesIn(db: Database.Database, guard: Guard): Notes {
  const hashAt = db.prepare<[number], string>('SELECT hash FROM events WHERE rowid = ?').pluck();
  const endOf = db
    .prepare<[number, number], number | null>(
      'SELECT max(row) FROM (SELECT rowid AS row FROM events WHERE rowid > ? ORDER BY rowid LIMIT ?)',
    )
    .pluck();
  const last = db.prepare<[], number | null>('SELECT max(rowid) FROM events').pluck();
  // Whether it is a note is for the schema to say; this leaves out nearly all that is not.
  const between = db.prepare(
    `SELECT events.rowid AS row, events.run, events.seq, events.time AS at, events.body,
       runs.title, runs.path
     FROM events JOIN runs ON runs.id = events.run
     WHERE events.rowid > ? AND events.rowid <= ? AND instr(events.body, 'note.added') > 0
     ORDER BY events.rowid`,
  );
  const firstOf = db
    .prepare<[string], string>('SELECT body FROM events WHERE run = ? AND seq = 1')
    .pluck();

  /** The titles of a run's steps by id. */
  const stepsOf = (run: string): ReadonlyMap<string, string> => {
    const created = bodyIn(firstOf.get(run) ?? '');
    return created?.kind === 'run.created'
      ? new Map(created.outline.map(({ id, title }) => [id, title]))
      : new Map();
  };

  return {
    after: (place, limit) =>
      guard(() => {
        const anew = place !== null && hashAt.get(place.row) !== place.hash;
        const from = place === null || anew ? 0 : place.row;
        const end = endOf.get(from, limit) ?? from;
        const titles = new Map<string, ReadonlyMap<string, string>>();
        const notes = between.all(from, end).flatMap((found): RunNote[] => {
          const row = noteSchema.safeParse(found);
          const body = row.success ? bodyIn(row.data.body) : null;
          if (!row.success || body?.kind !== 'note.added') return [];
          const { run } = row.data;
          const steps = titles.get(run) ?? stepsOf(run);
          titles.set(run, steps);
          const step = body.step === null ? null : (steps.get(body.step) ?? body.step);
          const { body: _, ...rest } = row.data;
          return [{ ...rest, by: body.by, text: body.text, step }];
        });
        const hash = hashAt.get(end);
        return {
          notes,
          place: hash === undefined ? null : { row: end, hash },
          anew,
          more: end < (last.get() ?? 0),
        };
      }),
  };
}

/** Null for what a later version of Muster may have written: it is no note that we could show. */
function bodyIn(json: string): EventBody | null {
  try {
    return eventBodySchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}
