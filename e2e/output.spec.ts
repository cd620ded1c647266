import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Launched, launch } from './launch.ts';
import { begin, expectOutcome } from './screen.ts';

/** What a running step prints, on the screen while it runs. */

let launched: Launched;
let folder: string;

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-output-'));
});
test.afterEach(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a line whose end may begin a secret is shown whole while nothing follows, and no secret is', async () => {
  const file = join(folder, 'listen.md');
  const go = join(folder, 'go');
  writeFileSync(
    file,
    `---
runbook: 1
title: Listen
inputs:
  WORD: {secret: "env:WORD"}
---

# Listen

## All

### Listen

\`\`\`sh {id=listen timeout=60s}
echo listening on port 8080
until test -e '${go}'; do sleep 0.1; done
printf 'the word is %s' "$WORD"
until test -e '${go}-on'; do sleep 0.1; done
echo " and on"
until test -e '${go}-off'; do sleep 0.1; done
\`\`\`
`,
  );
  launched = await launch({ args: [file], env: { WORD: '80-hunters' } });
  const { page } = launched;
  const output = page.getByRole('log', { name: 'Output of the step' });
  await begin(page);
  await page.keyboard.press('Enter');
  await expect(output).toContainText('listening on port 8080');
  await page.screenshot({ path: test.info().outputPath('ahead.png') });
  // Also for who comes while nothing more is printed.
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(output).toContainText('listening on port 8080');
  writeFileSync(go, '');
  await expect(output).toContainText('the word is …');
  await expect(output).toContainText('listening on port 8080');
  writeFileSync(`${go}-on`, '');
  await expect(output).toContainText('the word is ••• and on');
  expect(await output.innerText()).not.toContain('hunters');
  writeFileSync(`${go}-off`, '');
  await expectOutcome(page, 'Succeeded');
});
