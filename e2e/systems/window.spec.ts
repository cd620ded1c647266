import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type Launched, launch } from '../launch.ts';
import { expectOutcome, primary, startRun, stepTitle } from '../screen.ts';
import { psql } from './observer.ts';
import { DATABASE, type ProteinSssl, startProteinSssl } from './protein-sssl/system.ts';
import { rangeServers } from './range.ts';
import { runbook } from './runs.ts';

/** P2 in the real window: targets and inputs are chosen, questions answered, all by keyboard and labels. */

const range = rangeServers();
const RESTORE = 'protein-sssl/restore-database.md';

test.describe('protein-sssl in the window', () => {
  test.skip(range === null, 'MUSTER_RANGE is not set');
  test.describe.configure({ mode: 'serial', timeout: 180_000 });

  let system: ProteinSssl;
  let launched: Launched;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    if (range === null) return;
    system = await startProteinSssl(range);
    await system.addTargets();
  });

  test.afterAll(async () => {
    await launched?.close();
    await system?.close();
  });

  test('P2: a destroyed database is restored, and the window shows what it took', async () => {
    const { key, time, held } = system.backup;
    await psql(system.login, 'postgres', `drop database ${DATABASE} with (force)`);
    launched = await launch({ args: [runbook(RESTORE)], home: system.place.home });
    const { page } = launched;
    await start(page, key);

    await answer(page, 'Is the database lost?');
    await answer(page, 'Put the restored database in place?');
    await shoot(page, 'restore-in-the-window');
    await expect(stepTitle(page)).toHaveText('Hand over', { timeout: 60_000 });
    for (const item of await page.getByRole('main').getByRole('checkbox').all()) {
      await page.keyboard.press('Space');
      await expect(item).toBeChecked();
    }
    await expect(primary(page)).toBeEnabled();
    await page.keyboard.press('Enter');
    await expectOutcome(page, 'Succeeded');
    const row = page.getByRole('main').getByRole('row', { name: /Database/ });
    await expect(row).toContainText(/30 min.*1 h.*met/);
    await shoot(page, 'restore-outcome');

    expect(await system.held(time)).toEqual(held);
  });

  async function start(page: Page, key: string): Promise<void> {
    await expect(startRun(page)).toBeVisible();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Start a run' });
    await dialog.getByLabel('primary').selectOption('range');
    await dialog.getByLabel('second-site').selectOption('copies');
    const inputs = {
      BUCKET: system.bucket,
      BACKUP: key,
      FIRST_SITE: system.place.range.s3.endpoint,
      FOLDER: join(system.place.folder, 'restore'),
    };
    for (const [name, value] of Object.entries(inputs)) {
      await dialog.getByRole('textbox', { name, exact: true }).fill(value);
    }
    await dialog.getByRole('radio', { name: /^Carry on by itself/ }).check();
    await dialog.getByLabel('Runs by itself').selectOption('destructive');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await expect(dialog).toBeHidden();
  }
});

/** Waits for a question and takes its first answer. */
async function answer(page: Page, question: string): Promise<void> {
  await expect(stepTitle(page)).toHaveText(question, { timeout: 60_000 });
  await expect(primary(page)).toHaveText(/^Answer/);
  await page.keyboard.press('1');
  await expect(page.getByRole('main').getByRole('radio').first()).toBeChecked();
  await expect(primary(page)).toBeEnabled();
  await page.keyboard.press('Enter');
}

/** Kept with the results of the tests, to be looked at. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: test.info().outputPath(`${name}.png`) });
}
