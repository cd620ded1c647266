import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Launched, launch } from './launch.ts';
import { findings, startRun, text } from './screen.ts';

/** What lint says stands beside the text, and keeps nobody from running it. */

let folder: string;
let launched: Launched | null;

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
  launched = null;
});
test.afterEach(async () => {
  await launched?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a finding stands in the list and at its step, and the list leads there', async () => {
  const file = join(folder, 'runbook.md');
  const filler = Array.from({ length: 40 }, (_, i) => `### Step ${i}\n\nDo number ${i}.\n`);
  const last = '### Load the tables\n\n```bash {timeout=1m}\npsql shop -f tables.sql\n```\n';
  const head = '---\nrunbook: 1\nowner: shop\nreview: 90d\nrequires: {tools: [psql]}\n---\n';
  writeFileSync(file, `${head}# Load\n\n## All\n\n${filler.join('\n')}\n${last}`);
  launched = await launch({ args: [file] });
  const { page } = launched;
  const finding = findings(page).getByRole('listitem');
  await expect(finding).toHaveCount(1);
  await expect(finding).toContainText('psql-without-error-stop');
  await expect(finding).toContainText('Add -v ON_ERROR_STOP=1.');
  await expect(startRun(page)).not.toHaveAttribute('aria-disabled', 'true');
  await finding.getByRole('button', { name: /line \d+/ }).click();
  const mark = text(page).getByRole('list', { name: 'Findings in Load the tables' });
  await expect(mark).toBeInViewport();
  await expect(mark).toContainText('Add -v ON_ERROR_STOP=1.');
});
