import { expect, type Locator, type Page, test } from '@playwright/test';
import { actions, primary, startRun, stepTitle } from '../screen.ts';

/** A run in the window as an operator does it who has no mouse: Tab, arrows, letters and Enter. */

export interface Started {
  /** The target of each role, by the words beside its list. */
  targets: Readonly<Record<string, string>>;
  inputs: Readonly<Record<string, string>>;
  /** What runs by itself; left out for step by step. */
  allow?: 'disruptive' | 'destructive';
}

/**
 * Opens the start panel, fills it in and starts the run; `look` sees it before Enter. `passphrase` of
 * the vault, where the run has to ask for it.
 */
export async function startByKeyboard(
  page: Page,
  { targets, inputs, allow }: Started,
  look: () => Promise<void>,
  passphrase?: string,
): Promise<void> {
  await expect(startRun(page)).toBeVisible();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Start a run' });
  for (const [role, name] of Object.entries(targets)) {
    await choose(page, dialog.getByLabel(role, { exact: true }), name);
  }
  for (const [name, value] of Object.entries(inputs)) {
    await reach(page, dialog.getByRole('textbox', { name, exact: true }));
    await page.keyboard.type(value);
  }
  if (allow !== undefined) {
    await reach(page, dialog.getByRole('radio', { name: /^Step by step/ }));
    await page.keyboard.press('ArrowDown');
    await expect(dialog.getByRole('radio', { name: /^Carry on by itself/ })).toBeChecked();
    await choose(page, dialog.getByLabel('Runs by itself'), `up to ${allow}`);
  }
  await look();
  await page.keyboard.press('Enter');
  if (passphrase !== undefined) {
    await expect(page.getByRole('dialog', { name: 'Unlock the vault' })).toBeVisible();
    await page.keyboard.type(passphrase);
    await page.keyboard.press('Enter');
  }
  await expect(dialog).toBeHidden();
}

/** Tabs on until this element has focus. */
export async function reach(page: Page, element: Locator): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    const isThere = await element.evaluate((one) => one === document.activeElement);
    if (isThere) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${element}.`);
}

/** Chooses from a list by the first letters of what it says. */
async function choose(page: Page, list: Locator, words: string): Promise<void> {
  await reach(page, list);
  await page.keyboard.type(words);
  await expect(list.locator('option:checked')).toHaveText(new RegExp(`^${words}`));
}

/** Waits for a question and takes its first answer. */
export async function answer(page: Page, question: string): Promise<void> {
  await expect(stepTitle(page)).toHaveText(question, { timeout: 60_000 });
  await expect(primary(page)).toHaveText(/^Answer/);
  await page.keyboard.press('1');
  await expect(page.getByRole('main').getByRole('radio').first()).toBeChecked();
  await doNext(page);
}

/** Runs the step with this title, which waits for a person. */
export async function runStep(page: Page, title: string): Promise<void> {
  await expect(stepTitle(page)).toHaveText(title, { timeout: 60_000 });
  await expect(primary(page)).toHaveText(/^Run\b/);
  await doNext(page);
}

/** Ticks all that is to be done by hand, and says that it is done. */
export async function handOver(page: Page): Promise<void> {
  await expect(stepTitle(page)).toHaveText('Hand over', { timeout: 120_000 });
  for (const item of await page.getByRole('main').getByRole('checkbox').all()) {
    await page.keyboard.press('Space');
    await expect(item).toBeChecked();
  }
  await doNext(page);
}

async function doNext(page: Page): Promise<void> {
  await expect(primary(page)).toBeEnabled();
  await expect(actions(page)).toBeVisible();
  await page.keyboard.press('Enter');
}

/** Kept with the results of the tests, to be looked at. */
export async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: test.info().outputPath(`${name}.png`) });
}
