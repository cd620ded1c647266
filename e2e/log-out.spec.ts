import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { muster } from './command-line.ts';
import { launch } from './launch.ts';
import { begin, expectOutcome, primary } from './screen.ts';

/** What a session manager sends at log-out, and a system that goes down. */
for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} lets go of runs and ends the app; the step goes on and is watched again`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
    const home = join(folder, 'home');
    const go = join(folder, 'go');
    const file = join(folder, 'runbook.md');
    const ran = join(folder, 'ran');
    const code = `echo once >>'${ran}'; echo one; until test -e '${go}'; do sleep 0.1; done; echo two`;
    writeFileSync(
      file,
      `---\nrunbook: 1\n---\n# A runbook\n\n## All\n### Step a\n\`\`\`sh {id=a timeout=2m}\n${code}\n\`\`\`\n`,
    );
    try {
      const first = await launch({ home, args: [file] });
      await begin(first.page);
      await expect(primary(first.page)).toHaveText(/^Run\b/);
      await first.page.keyboard.press('Enter');
      await expect(first.page.getByText('one', { exact: true }).first()).toBeVisible();
      const gone = first.app.waitForEvent('close');
      first.app.process().kill(signal);
      await gone;
      writeFileSync(go, '');

      const second = await launch({ home });
      try {
        await second.page.getByRole('button', { name: 'Resume', exact: true }).click();
        await expectOutcome(second.page, 'Succeeded');
      } finally {
        await second.close();
      }
      const [run] = JSON.parse((await muster(home, 'runs', '--json')).out) as { id: string }[];
      expect((await muster(home, 'verify', run?.id ?? '')).code).toBe(0);
      expect(readFileSync(ran, 'utf8')).toBe('once\n');
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  });
}
