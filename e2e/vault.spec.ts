import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type Launched, launch } from './launch.ts';
import { actions, expectOutcome, primary, problem, startRun } from './screen.ts';

/** The vault in the real app, by keyboard: names in the window, values and passphrases nowhere. */

const PASSPHRASE = 'five words that are long';
const VALUE = 'value-that-nobody-may-see';

const RUNBOOK = `---
runbook: 1
title: Use a secret
inputs:
  TOKEN: {secret: "vault:orders/token"}
---
# Use a secret
## Work
### Hand it to a step
\`\`\`sh {id=use timeout=30s}
echo "it has \${#TOKEN} characters: $TOKEN"
\`\`\`
`;

let launched: Launched;
let page: Page;
let folder: string;

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-vault-'));
  writeFileSync(join(folder, 'secret.md'), RUNBOOK);
  launched = await launch({ args: [join(folder, 'secret.md')] });
  ({ page } = launched);
});

test.afterEach(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

const dialog = (name = 'Vault') => page.getByRole('dialog', { name, exact: true });

async function openVault(): Promise<void> {
  await expect(startRun(page)).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('An action, a step, a runbook, a run').fill('vault');
  await page.keyboard.press('Enter');
  await expect(dialog()).toBeVisible();
}

async function makeVault(): Promise<void> {
  await openVault();
  await expect(dialog()).toContainText('This system offers no key store, only plain text');
  await dialog().getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await dialog().getByLabel('Passphrase, again').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(dialog()).toContainText('Unlocked.');
}

async function add(name: string, value: string): Promise<void> {
  await expect(dialog().getByLabel('Name')).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(value);
  await page.keyboard.press('Enter');
  await expect(dialog().getByText(`vault:${name}`, { exact: true })).toBeVisible();
}

async function expectAccessible(): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual(
    [],
  );
}

/** Neither in the window, in any of its fields, nor in a file. */
async function expectNowhere(secret: string): Promise<void> {
  const shown = await page.evaluate(() => {
    const fields = [...document.querySelectorAll('input, textarea')];
    const typed = fields.map((field) => (field as HTMLInputElement).value).join('\n');
    return document.documentElement.outerHTML + typed;
  });
  expect(shown).not.toContain(secret);
  const files = readdirSync(launched.home, { recursive: true, withFileTypes: true });
  for (const file of files.filter((one) => one.isFile())) {
    expect(readFileSync(join(file.parentPath, file.name)).includes(secret), file.name).toBe(false);
  }
}

test('a vault is made, and holds names that can be replaced and removed', async () => {
  await openVault();
  await dialog().getByLabel('Passphrase', { exact: true }).fill('short');
  await dialog().getByLabel('Passphrase, again').fill('short');
  await expect(dialog()).toContainText('It is too short.');
  await expectAccessible();
  await page.keyboard.press('Escape');
  await expect(dialog()).toBeHidden();

  await makeVault();
  await add('orders/token', VALUE);
  await add('second', VALUE);
  await expectAccessible();
  await page.screenshot({ path: test.info().outputPath('vault.png') });
  await dialog().getByRole('button', { name: 'Replace… orders/token' }).click();
  const replacing = dialog().getByRole('form', { name: 'Replace vault:orders/token' });
  await expect(replacing.getByLabel('Value')).toBeFocused();
  await page.keyboard.type('abc');
  await page.keyboard.press('Enter');
  await expect(problem(page)).toBeVisible();
  await replacing.getByLabel('Value').fill('another-value');
  await page.keyboard.press('Enter');
  await expect(replacing).toBeHidden();
  await dialog().getByRole('button', { name: 'Remove… second' }).click();
  await dialog().getByRole('button', { name: 'Remove vault:second' }).click();
  await expect(dialog().getByText('vault:second', { exact: true })).toBeHidden();
  await expectNowhere(VALUE);
  await expectNowhere(PASSPHRASE);

  await dialog().getByRole('button', { name: 'Lock' }).click();
  await expect(dialog()).toContainText('Locked');
  await expect(dialog().getByLabel('Passphrase')).toBeFocused();
  await page.screenshot({ path: test.info().outputPath('locked.png') });
  await page.keyboard.type('not the passphrase');
  await page.keyboard.press('Enter');
  await expect(dialog()).toContainText('This is not the passphrase of the vault.');
  await expectAccessible();
  await dialog().getByLabel('Passphrase').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(dialog()).toContainText('Unlocked.');
});

test('a run whose secret lies in a locked vault asks to unlock it, and goes on', async () => {
  await makeVault();
  await add('orders/token', VALUE);
  await dialog().getByRole('button', { name: 'Lock' }).click();
  await expect(dialog()).toContainText('Locked');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  const start = dialog('Start a run');
  await expect(start).toBeVisible();
  await page.keyboard.press('Enter');
  const unlock = dialog('Unlock the vault');
  await expect(unlock.getByLabel('Passphrase')).toBeFocused();
  await expectAccessible();
  await page.screenshot({ path: test.info().outputPath('unlock.png') });
  await page.keyboard.press('Escape');
  await expect(start.getByRole('alert', { name: 'Problem' })).toContainText('The vault is locked.');
  await page.screenshot({ path: test.info().outputPath('refused.png') });
  await start.getByRole('button', { name: 'Start' }).click();
  await expect(unlock).toBeVisible();
  await page.keyboard.type('not the passphrase');
  await page.keyboard.press('Enter');
  await expect(unlock).toContainText('This is not the passphrase of the vault.');
  await page.keyboard.type(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(start).toBeHidden();
  await expect(actions(page)).toBeVisible();
  await expect(primary(page)).toBeEnabled();
  await page.keyboard.press('Enter');
  await expectOutcome(page, 'Succeeded');
  await expectNowhere(VALUE);
  await expectNowhere(PASSPHRASE);
});
