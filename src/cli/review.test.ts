import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folder, muster, runbook } from './test/muster.ts';

const text = '---\nrunbook: 1\nreview: 90d\n---\n# Restore\n\n## Load\n\n### Wait\n\nA minute.\n';

it('a review is approved, shows what changed since, lists what is due, and verifies', async () => {
  const home = folder();
  const file = runbook(text);
  expect((await muster(home, 'review', file)).out).toContain('Never reviewed.');
  const approved = await muster(home, 'review', file, '--approve', '--comment', 'Read it.');
  expect(approved).toMatchObject({ code: 0 });
  expect(approved.out).toMatch(/^Reviewed by .* Due again on \d{4}-\d\d-\d\d\.\n {2}Read it\.\n$/);

  writeFileSync(file, text.replace('A minute', 'An hour'));
  const changed = await muster(home, 'review', file);
  expect(changed.code).toBe(1);
  expect(changed.out).toContain('changed: Wait (line 9)\n  - A minute.\n  + An hour.');
  const asJson = JSON.parse((await muster(home, 'review', file, '--json')).out);
  expect(asJson).toMatchObject({ state: 'changed', comparison: { unseen: [] } });

  const due = await muster(home, 'review', '--due', join(file, '..'));
  expect(due.code).toBe(1);
  expect(due.out).toContain(`changed since review: ${file}`);
  await muster(home, 'review', file, '--approve');
  expect(await muster(home, 'review', '--due', file)).toMatchObject({ code: 0 });
  expect((await muster(home, 'review', '--verify')).out).toContain('All 2 reviews verify.');
  expect((await muster(home, 'review')).code).toBe(2);
});

it('runbooks are exported as one HTML file; PDF is refused with where to get it', async () => {
  const home = folder();
  const file = runbook(text);
  const out = join(folder(), 'out.html');
  expect(await muster(home, 'export', file, '--out', out)).toMatchObject({ code: 0 });
  expect(readFileSync(out, 'utf8')).toContain('aria-label="Done: Wait"');
  expect(await muster(home, 'export', join(file, '..'), '--out', out)).toMatchObject({ code: 0 });
  expect(readFileSync(out, 'utf8')).toContain('id="index"');
  const refused = await muster(home, 'export', file, '--out', join(folder(), 'out.pdf'));
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain('PDF is made in the app');
});
