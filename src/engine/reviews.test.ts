import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MusterError } from '../core/problem.ts';
import { openRunbook } from './library/open-runbook.ts';
import { approve, changedSinceReview, readReviews, reviewOf, verifyReviews } from './reviews.ts';
import { openWorkbench, type Workbench } from './testing.ts';

const text = '---\nrunbook: 1\nreview: 90d\n---\n# Restore\n\n## Load\n### Wait\nA minute.\n';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.close());

const ann = { by: 'ann', comment: 'Read with the team.', version: '0.1.0' };

describe('an approval', () => {
  test('is on record with the text, its reviewer and its due date', async () => {
    const opened = bench.runbook(text);
    expect(reviewOf(bench.store, opened).state).toBe('never');
    expect(await changedSinceReview(bench.store, opened)).toBeNull();
    approve(bench.store, opened, ann);
    const review = reviewOf(bench.store, opened);
    expect(review).toMatchObject({ state: 'reviewed', review: { by: 'ann' } });
    const { at = '', dueAt } = review.review ?? {};
    expect(Date.parse(dueAt ?? '') - Date.parse(at)).toBe(90 * 24 * 60 * 60 * 1000);

    const edited = bench.runbook(text.replace('A minute', 'An hour'));
    const file = { ...edited, path: opened.path };
    expect(reviewOf(bench.store, file).state).toBe('changed');
    const changed = await changedSinceReview(bench.store, file);
    const told = changed?.comparison.sections.filter(({ change }) => change !== 'same');
    expect(told?.map(({ title, change }) => [title, change])).toEqual([['Wait', 'changed']]);

    approve(bench.store, file, { ...ann, by: 'bob', comment: '' });
    expect(reviewOf(bench.store, file).history.map(({ by }) => by)).toEqual(['bob', 'ann']);
    expect(verifyReviews(bench.store)).toMatchObject({ events: 2, bad: null });
    await bench.reopen();
    expect(readReviews(bench.store).all).toHaveLength(2);
  });

  test('cannot be changed or removed, and a forged one does not verify', () => {
    const opened = bench.runbook(text);
    approve(bench.store, opened, ann);
    approve(bench.store, opened, ann);
    const db = new Database(join(bench.home, 'muster.db'));
    try {
      expect(() => db.exec("UPDATE reviews SET time = ''")).toThrow('append-only');
      expect(() => db.exec('DELETE FROM reviews')).toThrow('append-only');
      db.exec('DROP TRIGGER reviews_keep');
      db.exec("UPDATE reviews SET body = replace(body, 'ann', 'eve') WHERE seq = 1");
    } finally {
      db.close();
    }
    expect(verifyReviews(bench.store).bad).toMatchObject({ seq: 1 });
  });

  test('is refused for a text that is not shown as the file holds it', async () => {
    const path = join(bench.home, 'latin.md');
    writeFileSync(path, Buffer.from('# Caf\xe9\n', 'latin1'));
    const opened = await openRunbook(path);
    expect(() => approve(bench.store, opened, ann)).toThrow(MusterError);
    expect(readReviews(bench.store).all).toEqual([]);
  });
});
