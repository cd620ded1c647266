import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type Launched, launch } from '../launch.ts';
import { expectOutcome, problem, stepTitle } from '../screen.ts';
import { startEnterprisePlatform } from './enterprise-platform/system.ts';
import { GOOD_DAY, startModelcardGenerator } from './modelcard-generator/system.ts';
import { psql } from './observer.ts';
import { DATABASE as DATABASE_OF_F2, startPhotonicFoundry } from './photonic-foundry/system.ts';
import type { Place } from './place.ts';
import { startPnoPhysicsBench } from './pno-physics-bench/system.ts';
import { DATABASE, startProteinSssl } from './protein-sssl/system.ts';
import { type Range, rangeServers } from './range.ts';
import { runbook } from './runs.ts';
import { answer, handOver, runStep, shoot, startByKeyboard } from './window-run.ts';
import { addTargetByHand, keepInVault, PASSPHRASE } from './window-target.ts';

/**
 * Each procedure in the real window, by keyboard and labels alone; its outcome is checked from outside
 * as that of the same procedure on the command line is.
 */

const range = rangeServers();

test.describe('the procedures in the window', () => {
  test.skip(range === null, 'MUSTER_RANGE is not set');
  test.describe.configure({ timeout: 300_000 });

  let launched: Launched | null = null;

  test.afterEach(async () => {
    if (launched === null) return;
    // Where it did not come to its end, the screen says why.
    await shoot(launched.page, 'last');
    await launched.close();
    launched = null;
  });

  async function open(place: Place, path: string): Promise<Page> {
    launched = await launch({ args: [runbook(path)], home: place.home });
    return launched.page;
  }

  /** Runs `work` with a system of its own, and removes it. */
  async function withSystem<S extends { close(): Promise<void> }>(
    start: (range: Range) => Promise<S>,
    work: (system: S) => Promise<void>,
  ): Promise<void> {
    if (range === null) return;
    const system = await start(range);
    try {
      await work(system);
    } finally {
      if (launched !== null) await shoot(launched.page, 'at-the-end');
      await system.close();
    }
  }

  /** The row of a component in the outcome. */
  const measured = (page: Page, component: string | RegExp) =>
    page.getByRole('main').getByRole('row', { name: component });

  test('P2: a destroyed database is restored, and the window shows what it took', async () => {
    await withSystem(startProteinSssl, async (system) => {
      await system.addTargets();
      const { key, time, held } = system.backup;
      await psql(system.login, 'postgres', `drop database ${DATABASE} with (force)`);
      const page = await open(system.place, 'protein-sssl/restore-database.md');
      const started = {
        targets: { primary: 'range', 'second-site': 'copies' },
        inputs: {
          BUCKET: system.bucket,
          BACKUP: key,
          FIRST_SITE: system.place.range.s3.endpoint,
          FOLDER: join(system.place.folder, 'restore'),
        },
        allow: 'destructive',
      } as const;
      await startByKeyboard(page, started, () => shoot(page, 'start'));
      await answer(page, 'Is the database lost?');
      await answer(page, 'Put the restored database in place?');
      await shoot(page, 'running');
      await handOver(page);
      await expectOutcome(page, 'Succeeded');
      await expect(problem(page)).toBeHidden();
      await expect(measured(page, /Database/)).toContainText(/30 min.*1 h.*met/);
      await shoot(page, 'outcome');
      await system.expectRestored(time, held);
    });
  });

  test('N9: a lost namespace is built up again from its archive', async () => {
    await withSystem(startPnoPhysicsBench, async (system) => {
      await system.loseEverything();
      const page = await open(system.place, 'pno-physics-bench/recover-from-archive.md');
      const started = {
        targets: { 'Runs on': 'range' },
        inputs: {
          BUCKET: system.bucket,
          ARCHIVE: system.archive,
          NAMESPACE: system.place.namespace,
          FOLDER: join(system.place.folder, 'recovery'),
        },
        allow: 'destructive',
      } as const;
      await startByKeyboard(page, started, () => shoot(page, 'start'));
      await answer(page, 'Is the system lost?');
      await expect(stepTitle(page)).toHaveText('Workloads and services', { timeout: 60_000 });
      await shoot(page, 'running');
      await handOver(page);
      await expectOutcome(page, 'Succeeded');
      await expect(problem(page)).toBeHidden();
      await expect(measured(page, /Service/)).toBeVisible();
      await shoot(page, 'outcome');
      await system.expectRecovered();
    });
  });

  test('M8: database, files, configuration and secrets go back to one day', async () => {
    await withSystem(startModelcardGenerator, async (system) => {
      await system.damage();
      const page = await open(system.place, 'modelcard-generator/recover-date.md');
      const started = {
        targets: { 'Runs on': 'range' },
        inputs: {
          BUCKET: system.bucket,
          DATE: GOOD_DAY,
          FOLDER: join(system.place.folder, 'recovery'),
        },
        allow: 'disruptive',
      } as const;
      await startByKeyboard(page, started, () => shoot(page, 'start'));
      await answer(page, 'Go back to that day?');
      await answer(page, 'Replace the data of now?');
      await runStep(page, 'Put it in place');
      await handOver(page);
      await expectOutcome(page, 'Succeeded');
      await expect(problem(page)).toBeHidden();
      await expect(measured(page, /Model cards/)).toBeVisible();
      await shoot(page, 'outcome');
      await system.expectRecovered();
    });
  });

  test('F2: all data comes from one dump, by a target and a vault that are made in the window', async () => {
    await withSystem(startPhotonicFoundry, async (system) => {
      await system.loseData();
      const { place } = system;
      expect((await place.muster('targets', 'remove', 'range')).err).toBe('');
      const page = await open(place, 'photonic-foundry/restore-postgres.md');
      await keepInVault(page, 'photonic/password', system.login.password);
      await addTargetByHand(page, {
        Kubeconfig: place.range.kubeconfig,
        'Kubernetes context': place.range.context,
        Name: 'range',
        Namespace: place.namespace,
        Connection: 'main',
        Database: DATABASE_OF_F2,
        Host: 'postgres',
        User: system.login.user,
        'Password from': 'vault:photonic/password',
        Through: 'service/postgres',
      });
      await shoot(page, 'target');
      await page.keyboard.press('Escape');
      const started = {
        targets: { 'Runs on': 'range' },
        inputs: { DUMP: system.dump, TAKEN: system.taken },
        allow: 'disruptive',
      } as const;
      await startByKeyboard(page, started, () => shoot(page, 'start'), PASSPHRASE);
      await answer(page, 'Restore everything from the dump?');
      await answer(page, 'Replace the data of now?');
      await runStep(page, 'Put the restored database in place');
      const confirm = page.getByRole('alertdialog', { name: /^Run "Put the restored/ });
      await expect(confirm).toContainText('destructive');
      await shoot(page, 'confirm');
      await page.keyboard.press('Control+Enter');
      await handOver(page);
      await expectOutcome(page, 'Succeeded');
      await expect(problem(page)).toBeHidden();
      await expect(measured(page, /Database/)).toContainText('met');
      await shoot(page, 'outcome');
      await system.expectRestored();
    });
  });

  test('E7: a bad release is rolled back on a critical target, step by step', async () => {
    await withSystem(startEnterprisePlatform, async (system) => {
      await system.releaseBadly();
      const edit = ['targets', 'edit', 'range', '--care', 'critical', '--colour', 'red'];
      expect((await system.place.muster(...edit)).err).toBe('');
      const page = await open(system.place, 'enterprise-platform/emergency-rollback.md');
      const started = { targets: { 'Runs on': 'range' }, inputs: {} };
      await startByKeyboard(page, started, () => shoot(page, 'start'));
      await answer(page, 'Is the release the cause?');
      for (const step of [
        'What is live now?',
        'How many copies shall run?',
        'Which releases are there?',
        'Why do its copies fail?',
        'Go back to the release before',
        'It is another release than the bad one',
        'Open a way to the Service',
        'It is healthy',
        'Close the way',
      ]) {
        await runStep(page, step);
        if (step === 'Go back to the release before') await confirmRollback(page);
      }
      await handOver(page);
      await expectOutcome(page, 'Succeeded');
      await expect(problem(page)).toBeHidden();
      await expect(measured(page, /Anomaly detection API/)).toContainText('met');
      await shoot(page, 'outcome');
      await system.expectRolledBack();
    });
  });
});

/** The difference that the server tells in a dry run is on the screen before anything changes. */
async function confirmRollback(page: Page): Promise<void> {
  const confirm = page.getByRole('alertdialog', { name: /^Run "Go back/ });
  await expect(confirm).toContainText('range (primary), which is critical');
  const change = confirm.getByRole('region', { name: 'What would change' });
  await expect(change).toContainText(/-\s+(- )?image: docker.io\/local\/no-such-release:2/);
  await expect(change).toContainText(/\+\s+(- )?image: /);
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'confirm');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot(page, 'confirm-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.keyboard.press('Control+Enter');
  await expect(confirm).toBeHidden();
  await shoot(page, 'rolling-back');
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
