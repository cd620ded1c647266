import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
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

test.describe('with a program named shellcheck', () => {
  const { PATH } = process.env;
  test.afterEach(() => {
    process.env.PATH = PATH;
  });

  test('what it says stands among the findings, and so does a link to nowhere', async () => {
    const comments = [{ line: 1, column: 4, code: 2086, message: 'Double quote', level: 'info' }];
    const program = join(folder, 'shellcheck');
    writeFileSync(
      program,
      `#!/bin/sh\n/bin/cat >/dev/null\necho '${JSON.stringify({ comments })}'\nexit 1\n`,
    );
    chmodSync(program, 0o755);
    process.env.PATH = `${folder}${delimiter}${PATH}`;
    const file = join(folder, 'guide.md');
    writeFileSync(
      file,
      '# G\n\nSee [the map](map.md).\n\n## Do\n\n### Look\n\n```sh {timeout=1m}\nls $A\n```\n',
    );
    launched = await launch({ args: [file] });
    const { page } = launched;
    await expect(findings(page)).toContainText('shellcheck/SC2086');
    await expect(findings(page)).toContainText('There is no file map.md.');
    const mark = text(page).getByRole('list', { name: 'Findings in Look' });
    await expect(mark).toContainText('line 10');
    // Another text, another answer: nothing of the one before is left.
    writeFileSync(file, '# G\n\n## Do\n\n### Look\n\nWith your eyes.\n');
    await expect(text(page)).toContainText('With your eyes.');
    await expect(findings(page)).toHaveCount(0);
  });
});
