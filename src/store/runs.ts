import type Database from 'better-sqlite3';
import { z } from 'zod';
import { damaged, type Guard } from './failures.ts';

const rowSchema = z.object({
  id: z.string(),
  /** The runbook's text; see `texts.ts`. */
  sha256: z.string(),
  title: z.string(),
  path: z.string().nullable(),
  /** UTC, ISO 8601. */
  createdAt: z.iso.datetime(),
});
export type RunRow = z.infer<typeof rowSchema>;

/** A run with its cached summary; null when there is none or it is not JSON, and to be made again. */
export type ListedRun = RunRow & { summary: unknown };

export interface Runs {
  create(row: RunRow): void;
  /** Newest first. */
  list(): ListedRun[];
  get(id: string): ListedRun | null;
  /** Caches what the list shows. Derived from the events, and replaced at will. */
  saveSummary(id: string, summary: unknown): void;
}

const columns = `runs.id, runs.sha256, runs.title, runs.path, runs.created_at AS createdAt,
  run_summaries.summary FROM runs LEFT JOIN run_summaries ON run_summaries.run = runs.id`;

export function runsIn(db: Database.Database, guard: Guard): Runs {
  const insert = db.prepare(
    'INSERT INTO runs (id, sha256, title, path, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const all = db.prepare(`SELECT ${columns} ORDER BY runs.created_at DESC, runs.id DESC`);
  const one = db.prepare(`SELECT ${columns} WHERE runs.id = ?`);
  const save = db.prepare(
    `INSERT INTO run_summaries (run, summary) VALUES (?, ?)
     ON CONFLICT (run) DO UPDATE SET summary = excluded.summary`,
  );

  function listed(found: unknown): ListedRun {
    const row = rowSchema.extend({ summary: z.string().nullable() }).safeParse(found);
    if (!row.success) throw damaged(db.name, 'a run in the list', row.error.message);
    return { ...row.data, summary: parsedOrNull(row.data.summary) };
  }

  return {
    create: (row) =>
      guard(() => {
        insert.run(row.id, row.sha256, row.title, row.path, row.createdAt);
      }),
    list: () => guard(() => all.all().map(listed)),
    get: (id) =>
      guard(() => {
        const found = one.get(id);
        return found === undefined ? null : listed(found);
      }),
    saveSummary: (id, summary) =>
      guard(() => {
        save.run(id, JSON.stringify(summary));
      }),
  };
}

function parsedOrNull(json: string | null): unknown {
  if (json === null) return null;
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
