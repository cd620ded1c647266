import { expect, type Locator, type Page } from '@playwright/test';

/** Where things stand on the screen, by role and name. */

export const actions = (page: Page): Locator => page.getByRole('toolbar', { name: 'Actions' });
/** The one obvious next action. */
export const primary = (page: Page): Locator => actions(page).getByRole('button').first();
export const stepTitle = (page: Page): Locator =>
  page.getByRole('main').getByRole('heading', { level: 1 });
export const text = (page: Page): Locator =>
  page.getByRole('region', { name: 'Text of the runbook' });
export const findings = (page: Page): Locator => page.getByRole('region', { name: 'Findings' });
export const problem = (page: Page): Locator => page.getByRole('alert', { name: 'Problem' });
export const startRun = (page: Page): Locator => page.getByRole('button', { name: /^Start run/ });

/** Starts a run from the runbook's page, step by step, and waits until its first step is ready. */
export async function begin(page: Page): Promise<void> {
  await expect(startRun(page)).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Start a run' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(actions(page)).toBeVisible();
  await expect(primary(page)).toBeEnabled();
}

/** Does the next thing and waits until it is the turn of the step with this title. */
export async function runUntil(page: Page, title: string): Promise<void> {
  await expect(primary(page)).toHaveText(/^Run\b/);
  await expect(primary(page)).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(stepTitle(page)).toHaveText(title, { timeout: 20_000 });
}

/** The run's end, as the window says it. */
export async function expectOutcome(
  page: Page,
  outcome: 'Succeeded' | 'Failed' | 'Aborted',
): Promise<void> {
  await expect(page.getByRole('main').getByText(outcome).first()).toBeVisible({ timeout: 30_000 });
}
