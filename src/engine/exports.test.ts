import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exportLibrary, exportRunbook } from './exports.ts';
import { openRunbook } from './library/open-runbook.ts';
import { approve } from './reviews.ts';
import { openWorkbench } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-exports-'));
const bench = openWorkbench();
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

const context = { store: bench.store, version: '0.1.0' };
const guide = '# Restore\n\n## Load\n\n### Wait\n\nA minute.\n';

test('a runbook is exported with its review, by name and not by where it lies here', async () => {
  const file = join(folder, 'restore.md');
  writeFileSync(file, guide);
  const opened = await openRunbook(file);
  approve(bench.store, opened, { by: 'ann', comment: '', version: '0.1.0' });
  const html = await exportRunbook(opened, context);
  expect(html).toContain('Reviewed by ann on ');
  expect(html).toContain('<dd>restore.md</dd>');
  expect(html).not.toContain(folder);
});

test('a folder is exported whole, and what cannot be read is said', async () => {
  mkdirSync(join(folder, 'db'));
  writeFileSync(
    join(folder, 'db/large.md'),
    `# Large\n\n## All\n\n${'### Step\n\nWords.\n\n'.repeat(900)}`,
  );
  writeFileSync(join(folder, 'binary.md'), Buffer.from([0x23, 0x20, 0, 1]));
  const { html, runbooks, problems } = await exportLibrary('Team', [folder], context);
  expect(runbooks).toBe(2);
  expect(problems.map(({ code }) => code)).toEqual(['not-text']);
  expect(html).toContain('db/large.md');
  expect(html).toContain('href="#book-2"');
  expect(html).not.toContain(folder);
});
