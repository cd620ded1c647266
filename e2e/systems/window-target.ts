import { expect, type Page } from '@playwright/test';
import { startRun } from '../screen.ts';
import { reach } from './window-run.ts';

/** A target and its secret, made in the window by keyboard. */

export const PASSPHRASE = 'five words that are long';

async function openByName(page: Page, name: string): Promise<void> {
  await expect(startRun(page)).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByPlaceholder('An action, a step, a runbook, a run')).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name, exact: true })).toBeVisible();
}

/** Makes a vault that holds this secret, and locks it. */
export async function keepInVault(page: Page, name: string, value: string): Promise<void> {
  await openByName(page, 'Vault');
  const dialog = page.getByRole('dialog', { name: 'Vault', exact: true });
  for (const label of ['Passphrase', 'Passphrase, again']) {
    await reach(page, dialog.getByLabel(label, { exact: true }));
    await page.keyboard.type(PASSPHRASE);
  }
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await page.keyboard.type(name);
  await reach(page, dialog.getByLabel('Value'));
  await page.keyboard.type(value);
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(`vault:${name}`, { exact: true })).toBeVisible();
  await reach(page, dialog.getByRole('button', { name: 'Lock' }));
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('Locked');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
}

/** Adds a target with one database; `fields` by the words beside them, in any order. */
export async function addTargetByHand(
  page: Page,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  await openByName(page, 'Targets');
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'Add a target' });
  await reach(page, form.getByRole('button', { name: 'Add a database' }));
  await page.keyboard.press('Enter');
  for (const [label, text] of Object.entries(fields)) {
    await reach(page, form.getByLabel(label, { exact: true }));
    await page.keyboard.press('Control+a');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await expect(form).toBeHidden();
  const list = page.getByRole('dialog', { name: 'Targets' });
  await expect(list).toContainText('through service/postgres');
}
