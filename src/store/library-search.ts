import type Database from 'better-sqlite3';
import { z } from 'zod';
import { type LibraryEntry, libraryEntrySchema } from '../core/library/entry.ts';
import type { LibraryFilters } from '../core/library/filters.ts';
import type { LibraryHit } from '../core/library/hit.ts';
import { hitPlaces } from '../core/library/hit-places.ts';
import { type Passage, passageSchema } from '../core/library/passages.ts';
import { ftsQuery, termsOf } from '../core/library/search-words.ts';
import { markedOf } from '../core/library/snippet.ts';
import { wantedFiles } from './library-conditions.ts';

/** How much a word counts in each column: title, about, step, command, prose. */
const WEIGHTS = '10.0, 6.0, 5.0, 2.0, 1.0';

const rowSchema = z.object({ id: z.number(), entry: z.string() });
const textSchema = z.string();
const bodySchema = z.array(passageSchema);

/** Most runbooks of which somebody else is asked whether they are wanted. */
const MOST_ASKED = 20_000;

export type Search = (
  query: string,
  filters: LibraryFilters,
  limit: number,
  /** What the index does not know: whether a runbook is wanted, by its path. */
  accepts?: (path: string) => boolean,
) => { hits: LibraryHit[]; more: boolean };

/** Finds runbooks by words and filters. Any text is a query; one without words finds by filters alone. */
export function searchIn(db: Database.Database): Search {
  const prepared = new Map<string, Database.Statement>();
  const statement = (sql: string): Database.Statement => {
    const known = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  const bodyOf = db.prepare('SELECT body FROM passages WHERE file = ?').pluck();
  const passagesOf = (id: number): Passage[] => {
    const body = textSchema.safeParse(bodyOf.get(id));
    return body.success ? bodySchema.parse(JSON.parse(body.data)) : [];
  };
  return (query, filters, limit, accepts) => {
    const terms = termsOf(query);
    // Nothing but signs was typed: nothing has it.
    if (terms.length === 0 && query.trim() !== '') return { hits: [], more: false };
    const sql = terms.length > 0 ? byWords(filters) : byFilters(filters);
    const most = accepts === undefined ? limit + 1 : MOST_ASKED;
    const rows = statement(sql).all({ ...filters, words: ftsQuery(terms), most });
    const found: { id: number; entry: LibraryEntry }[] = [];
    for (const row of rows) {
      const { id, entry: json } = rowSchema.parse(row);
      const entry = libraryEntrySchema.parse(JSON.parse(json));
      if (accepts === undefined || accepts(entry.path)) found.push({ id, entry });
      if (found.length > limit) break;
    }
    const hits = found.slice(0, limit).map(({ id, entry }) => ({
      entry,
      title: markedOf(entry.title, terms),
      ...(terms.length > 0 ? hitPlaces(passagesOf(id), terms) : nowhere),
    }));
    return { hits, more: found.length > limit };
  };
}

const nowhere = { places: [], morePlaces: 0 };

function byWords(filters: LibraryFilters): string {
  const narrowed = wantedFiles(filters);
  const where = ['words MATCH @words', ...narrowed].join(' AND ');
  const files = narrowed.length > 0 ? 'JOIN files ON files.id = words.rowid' : '';
  return `WITH best AS (
      SELECT words.rowid AS id, bm25(words, ${WEIGHTS}) AS score FROM words ${files}
      WHERE ${where} ORDER BY score LIMIT @most)
    SELECT files.id, files.entry FROM best JOIN files ON files.id = best.id
    ORDER BY best.score, files.path`;
}

function byFilters(filters: LibraryFilters): string {
  const narrowed = wantedFiles(filters);
  const where = narrowed.length > 0 ? `WHERE ${narrowed.join(' AND ')}` : '';
  return `SELECT files.id, files.entry FROM files ${where} ORDER BY files.path LIMIT @most`;
}
