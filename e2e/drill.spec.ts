import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { Bridge } from '../src/shared/ipc.ts';
import { type Launched, launch } from './launch.ts';

declare const window: Window & typeof globalThis & { muster: Bridge };

/** The main job in the real app: the restore drill on the practice range, by keyboard alone. */

const title = (page: Page) => page.getByRole('main').getByRole('heading', { level: 1 });
const actions = (page: Page) => page.getByRole('toolbar', { name: 'Actions' });
const primary = (page: Page) => actions(page).getByRole('button').first();

/** Starts the run from the runbook's page, whose one obvious action is on Enter. */
async function begin(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Start run' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Start a run' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(primary(page)).toHaveText(/^Run\b/);
  await expect(primary(page)).toBeEnabled();
}

/** Does the next thing as the screen asks for it; returns the title of the step it was. */
async function doNext(page: Page): Promise<string> {
  const step = await title(page).innerText();
  const next = await primary(page).innerText();
  const main = page.getByRole('main');
  if (next.startsWith('Answer')) {
    await expect(main.getByRole('radio').first()).toBeVisible();
    await page.keyboard.press('1');
    await expect(main.getByRole('radio').first()).toBeChecked();
  }
  if (next.startsWith('Mark done')) {
    await expect(main.getByRole('checkbox').first()).toBeVisible();
    for (const item of await main.getByRole('checkbox').all()) {
      if (await item.isChecked()) continue;
      await page.keyboard.press('Space');
      await expect(item).toBeChecked();
    }
  }
  await expect(primary(page)).toBeEnabled();
  await page.keyboard.press('Enter');
  return step;
}

/** Goes on until the run's outcome is on screen, or until the step `before` is next. */
async function playOn(page: Page, before: string | null = null): Promise<string[]> {
  const done: string[] = [];
  const outcome = page.getByRole('table', { name: 'Objectives' });
  for (;;) {
    // The next thing is a step that waits for something, or the outcome.
    await expect
      .poll(async () => (await outcome.count()) > 0 || (await isNext(page)), { timeout: 30_000 })
      .toBe(true);
    if ((await outcome.count()) > 0 || (await title(page).innerText()) === before) return done;
    const step = await doNext(page);
    done.push(step);
    await expect
      .poll(async () => (await outcome.count()) > 0 || (await title(page).innerText()) !== step, {
        timeout: 30_000,
      })
      .toBe(true);
  }
}

/** Some step waits for a person, and none runs. */
async function isNext(page: Page): Promise<boolean> {
  const text = await primary(page)
    .innerText({ timeout: 1_000 })
    .catch(() => '');
  return /^(Run\b|Answer|Mark done)/.test(text);
}

async function expectSucceeded(page: Page): Promise<void> {
  const main = page.getByRole('main');
  await expect(main.getByText('Succeeded')).toBeVisible();
  const row = main.getByRole('row', { name: /Orders database/ });
  await expect(row).toContainText(/10 min.*s.*30 min.*20 min.*met/);
}

test('the drill is played to its end by keyboard, and the record shows it', async () => {
  const { app, page, home, close } = await launch({ args: ['--practice'] });
  try {
    await begin(page);
    const steps = await playOn(page);
    expect(steps).toContain('Find the newest good backup');
    expect(steps).toHaveLength(18);
    await expectSucceeded(page);

    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await expect(page.getByRole('main', { name: 'Record' })).toBeVisible();
    const entry = page.getByRole('button', { name: /Restore the orders database/ });
    await expect(entry).toContainText('met');
    await entry.press('Enter');
    await page.getByRole('button', { name: /Verify/ }).click();
    await expect(page.getByRole('main')).toContainText(/all \d+ events/i);

    const report = join(home, 'report.html');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, report);
    await page.getByRole('button', { name: /Save report as HTML/ }).click();
    await expect.poll(() => readOrEmpty(report)).toContain('</html>');
    const html = readOrEmpty(report);
    expect(html).toContain('damaged  orders-');
    expect(html).not.toMatch(/<script/i);
    expect(html).not.toMatch(/(src|href)="https?:/i);
  } finally {
    await close();
  }
});

test('the app is killed in the middle of the drill, and the drill goes on to its end', async () => {
  const first = await launch({ args: ['--practice'] });
  await begin(first.page);
  await playOn(first.page, 'Copy in pieces');
  await expect(primary(first.page)).toBeEnabled();
  await first.page.keyboard.press('Enter');
  await expect(first.page.getByText('28 %')).toBeVisible({ timeout: 15_000 });
  await kill(first);

  const second = await launch({ home: first.home });
  const { page } = second;
  try {
    await page.getByRole('button', { name: /Resume/ }).click();
    await playOn(page);
    await expectSucceeded(page);
    await page.getByRole('button', { name: 'Open the record' }).click();
    await page.getByRole('button', { name: /Verify/ }).click();
    await expect(page.getByRole('main')).toContainText(/all \d+ events/i);
  } finally {
    await second.close();
  }
});

test('a long step outlives the app and is watched again, without a gap or a repeat', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
  const file = join(folder, 'long.md');
  const code = 'n=0\nwhile [ $n -lt 25 ]; do n=$((n + 1)); echo "line $n."; sleep 1; done';
  const fence = `\`\`\`sh {id=long timeout=2m}\n${code}\n\`\`\`\n`;
  writeFileSync(file, `---\nrunbook: 1\n---\n# A long step\n\n## One\n### Count\n${fence}`);
  const first = await launch({ args: [file] });
  await begin(first.page);
  await first.page.keyboard.press('Enter');
  await expect(first.page.getByText('line 2.')).toBeVisible();
  await kill(first);

  const second = await launch({ home: first.home });
  const { page } = second;
  try {
    await page.getByRole('button', { name: /Resume/ }).click();
    await expect(actions(page).getByRole('button', { name: 'Cancel' })).toBeVisible();
    await expect(page.getByText('1 of 1')).toBeVisible();
    await expect(page.getByRole('main').getByText('Succeeded')).toBeVisible({ timeout: 40_000 });
    const report = await page.evaluate(readOutput);
    const lines = Array.from({ length: 25 }, (_, index) => `line ${index + 1}.\n`);
    expect(report).toBe(lines.join(''));
  } finally {
    await second.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** In the page: all that is kept of the one step of the one run. */
async function readOutput(): Promise<string> {
  const ask = async (name: string, payload?: unknown): Promise<unknown> =>
    ((await window.muster.request(name, payload)) as { value: unknown }).value;
  const [run] = (await ask('run.list')) as { id: string }[];
  const chunks = await ask('run.output', { run: run?.id, step: 'long', attempt: 1, from: 0 });
  return (chunks as { text: string }[]).map(({ text }) => text).join('');
}

/** Ends the app as a crash would: nothing of it gets to say goodbye. */
async function kill({ app }: Launched): Promise<void> {
  const gone = app.waitForEvent('close');
  app.process().kill('SIGKILL');
  await gone;
}

test('wrong input is refused at every prompt, in words, and nothing moves', async () => {
  const { page, close } = await launch({ args: ['--practice'] });
  try {
    await expect(page.getByRole('button', { name: 'Start run' })).toBeVisible();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Start a run' });
    await dialog.getByRole('textbox', { name: 'PROBE_CUSTOMER' }).fill('No Such; rm -rf /');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeVisible();
    await expect(dialog.getByRole('textbox')).toHaveAttribute('aria-invalid', 'true');
    await dialog.getByRole('textbox').fill('');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();

    // A skip needs a reason.
    await expect(title(page)).toHaveText('The service is healthy');
    await page.keyboard.press('s');
    const skip = page.getByRole('dialog');
    await expect(skip).toBeVisible();
    await skip.getByRole('textbox').fill('   ');
    await page.keyboard.press('Control+Enter');
    await expect(skip).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(skip).toBeHidden();
    await expect(title(page)).toHaveText('The service is healthy');

    // A question needs an answer, and Enter alone gives none.
    for (let step = 1; step <= 4; step += 1) await doNext(page);
    await expect(title(page)).toHaveText('How did you notice?');
    await expect(primary(page)).toHaveText(/^Answer/);
    await expect(primary(page)).toBeDisabled();
    await page.keyboard.press('Enter');
    await page.keyboard.press('9');
    await page.keyboard.press('Enter');
    await expect(title(page)).toHaveText('How did you notice?');
    await page.keyboard.press('2');
    await page.keyboard.press('Enter');

    // A step by hand needs all of its items.
    await playOn(page, 'Hand over');
    await expect(primary(page)).toBeDisabled();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await expect(title(page)).toHaveText('Hand over');
    await doNext(page);
    await expectSucceeded(page);
  } finally {
    await close();
  }
});

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
