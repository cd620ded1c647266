import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { LibraryFilters } from '../core/library/filters.ts';
import type { NoteHit } from '../core/library/note-hit.ts';
import { ftsQuery, termsOf } from '../core/library/search-words.ts';
import { snippetOf } from '../core/library/snippet.ts';
import { wantedFiles } from './library-conditions.ts';
import type { NotePage, NotePlace } from './notes.ts';

/** The notes of runs in the index. They are kept as they were written: the ledger only grows. */
export interface NoteIndex {
  /** Up to where the ledgers were read; null before the first time. */
  place(): NotePlace | null;
  /** Takes a page of notes in, in one transaction; the same one twice is as once. */
  put(page: NotePage): void;
  search: NoteSearch;
}

export type NoteSearch = (
  query: string,
  filters: LibraryFilters,
  limit: number,
  /** What the index does not know: whether a runbook is wanted, by its path. */
  accepts?: (path: string) => boolean,
) => { notes: NoteHit[]; more: boolean };

/** Most notes of which somebody else is asked whether they are wanted. */
const MOST_ASKED = 20_000;

const placeSchema = z.object({ row: z.number(), hash: z.string() });
const rowSchema = z.object({
  run: z.string(),
  seq: z.number(),
  at: z.string(),
  by: z.string(),
  step: z.string().nullable(),
  title: z.string(),
  path: z.string().nullable(),
  text: z.string(),
});

export function notesIndexIn(db: Database.Database): NoteIndex {
  const placeOf = db.prepare('SELECT row, hash FROM note_place');
  const setPlace = db.prepare('INSERT OR REPLACE INTO note_place (id, row, hash) VALUES (1, ?, ?)');
  const putNote = db.prepare(
    `INSERT OR REPLACE INTO run_notes (id, run, seq, at, by, step, title, path, text)
     VALUES (@row, @run, @seq, @at, @by, @step, @title, @path, @text)`,
  );
  const dropWords = db.prepare('DELETE FROM note_words WHERE rowid = ?');
  const putWords = db.prepare('INSERT INTO note_words (rowid, text) VALUES (?, ?)');
  const putPage = db.transaction(({ notes, place, anew }: NotePage) => {
    if (anew) db.exec('DELETE FROM run_notes; DELETE FROM note_words; DELETE FROM note_place');
    for (const note of notes) {
      putNote.run(note);
      dropWords.run(note.row);
      putWords.run(note.row, note.text);
    }
    if (place !== null) setPlace.run(place.row, place.hash);
  });
  return {
    place: () => placeSchema.nullable().parse(placeOf.get() ?? null),
    put: (page) => void putPage.immediate(page),
    search(query, filters, limit, accepts) {
      const terms = termsOf(query);
      if (terms.length === 0) return { notes: [], more: false };
      const conditions = wantedFiles(filters);
      const isNarrowed = conditions.length > 0;
      // All words are in each, so the newest comes first: it tells how it was the last time.
      const rows = db
        .prepare(
          `SELECT run_notes.* FROM note_words JOIN run_notes ON run_notes.id = note_words.rowid
           ${isNarrowed ? 'JOIN files ON files.path = run_notes.path' : ''}
           WHERE ${['note_words MATCH @words', ...conditions].join(' AND ')}
           ORDER BY run_notes.at DESC, run_notes.id DESC LIMIT @most`,
        )
        .all({ ...filters, words: ftsQuery(terms), most: accepts ? MOST_ASKED : limit + 1 })
        .map((row) => rowSchema.parse(row))
        .filter(({ path }) => accepts === undefined || (path !== null && accepts(path)));
      return {
        notes: rows.slice(0, limit).map(({ path: _, text, ...note }) => ({
          ...note,
          text: snippetOf(text, terms) ?? { text, marks: [] },
        })),
        more: rows.length > limit,
      };
    },
  };
}
