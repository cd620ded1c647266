import './sources.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { noFilters } from '../src/core/library/filters.ts';
import { ftsQuery, termsOf } from '../src/core/library/search-words.ts';
import { queries, writeLibrary } from './library-files.ts';
import { goal, median } from './measure.ts';

/**
 * How fast a library of 10,000 runbooks is found in: the search of the window, with its snippets,
 * against the bare query of SQLite's FTS5 on the same index. And what it costs to know it.
 */
const { Catalogue } = await import('../src/engine/library/catalogue.ts');
const { scanFolder } = await import('../src/engine/library/scan.ts');
const { openLibraryIndex } = await import('../src/store/library-index.ts');

const RUNBOOKS = 10_000;
const QUERIES = 200;
const LIMIT = 50;

const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
const home = mkdtempSync(join(tmpdir(), 'muster-bench-'));

async function timed<T>(work: () => T | Promise<T>): Promise<{ took: number; value: T }> {
  const began = performance.now();
  const value = await work();
  return { took: performance.now() - began, value };
}

const p95 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;

/** The longest time in which nothing else in the process got its turn, in ms. */
function watchTurns(): () => number {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 2);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

try {
  writeLibrary(folder, RUNBOOKS);
  const first = await timed(() => scanFolder(folder));
  const catalogue = new Catalogue(() => openLibraryIndex(home, 'bench'));
  const longest = watchTurns();
  const learned = await timed(() => catalogue.learn(first.value.files, () => true));
  console.log(`found ${RUNBOOKS} files          ${first.took.toFixed(0)} ms`);
  console.log(
    `indexed                     ${learned.took.toFixed(0)} ms (${((RUNBOOKS / learned.took) * 1000).toFixed(0)} a second; others waited ${longest().toFixed(0)} ms at most)`,
  );
  catalogue.close();

  const again = new Catalogue(() => openLibraryIndex(home, 'bench'));
  const start = await timed(() => again.remembered().length);
  console.log(`known at the next start     ${start.took.toFixed(0)} ms (${start.value} runbooks)`);

  const db = new Database(join(home, 'library.db'), { readonly: true });
  const bare = db.prepare(
    'SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words) LIMIT ?',
  );
  const asked = queries(QUERIES);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const query of asked) {
    const words = ftsQuery(termsOf(query));
    if (words !== '') theirs.push((await timed(() => bare.all(words, LIMIT))).took);
    ours.push((await timed(() => again.search(query, noFilters, LIMIT))).took);
  }
  db.close();
  again.close();
  console.log(
    `SQLite's own query          p50 ${median(theirs).toFixed(1)} ms, p95 ${p95(theirs).toFixed(1)} ms`,
  );
  console.log(
    `search with snippets        p50 ${median(ours).toFixed(1)} ms, p95 ${p95(ours).toFixed(1)} ms`,
  );
  console.log(`ours / SQLite, p95          ${(p95(ours) / p95(theirs)).toFixed(2)} times`);
  goal('search, p95', p95(ours), 'ms', { atMost: 20 });
} finally {
  for (const path of [folder, home]) rmSync(path, { recursive: true, force: true });
}
