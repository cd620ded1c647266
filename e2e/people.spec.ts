import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { muster } from './command-line.ts';
import { type Launched, launch } from './launch.ts';
import { actions, begin, expectOutcome, primary, stepTitle } from './screen.ts';

/** Second persons, hand-over and attachments in the real app. */

let launched: Launched;
let page: Page;
let folder: string;

const text = `---
runbook: 1
---
# Move the orders database

## All

### Look

Nobody writes.

### Ask Bo

\`\`\`approve {id=ask}
approve: Cut over to the new database
\`\`\`

### Cut over

\`\`\`sh {id=cut timeout=1m}
echo cut over
\`\`\`
`;

/** A picture of 2 by 2 pixels. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGMwSJgARAwQCgAeDgSBHTXVHgAAAABJRU5ErkJggg==',
  'base64',
);

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-people-'));
  launched = await launch({ args: [file('orders.md', text)] });
  ({ page } = launched);
});

test.afterEach(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The name that the record gives whoever runs the app. */
const operator = userInfo().username;
const problem = () => page.getByRole('alert', { name: 'Problem' });
const live = () => page.getByRole('complementary', { name: 'Live' });

/** What the system's dialogs answer from now on. */
async function dialogsAnswer(path: string): Promise<void> {
  await launched.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] });
  }, path);
}

/** Files on the clipboard, pasted into the window. */
async function paste(name: string, content: Buffer): Promise<void> {
  await page.evaluate(
    ([title, base64]) => {
      const bytes = Uint8Array.from(atob(base64 ?? ''), (char) => char.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], title ?? ''));
      window.dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
    },
    [name, content.toString('base64')],
  );
}

/** On to the step that asks for an approval. */
async function reachApproval(): Promise<void> {
  await expect(primary(page)).toHaveText(/^Mark done/);
  await page.keyboard.press('Enter');
  await expect(stepTitle(page)).toHaveText('Ask Bo');
  await expect(primary(page)).toHaveText(/^Approve…/);
  await expect(primary(page)).toBeEnabled();
}

test('a second person approves with a PIN, and nobody their own step', async () => {
  const { home } = launched;
  for (const name of ['Bo', operator]) {
    await muster(home, 'people', 'add', name);
    await muster(home, 'people', 'pin', name, '--pin-file', file('pin', '482913'));
  }
  await begin(page);
  await reachApproval();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Approve "Ask Bo"' });
  await expect(dialog).toContainText('Cut over to the new database');
  await dialog.getByLabel('Who approves').selectOption(operator);
  await dialog.getByLabel('PIN', { exact: true }).fill('482913');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('cannot approve its steps');
  await dialog.getByLabel('Who approves').selectOption('Bo');
  await dialog.getByLabel('PIN', { exact: true }).fill('000001');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText("This is not Bo's PIN.");
  expect((await new AxeBuilder({ page }).setLegacyMode(true).analyze()).violations).toEqual([]);
  await dialog.getByLabel('PIN', { exact: true }).fill('482913');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(stepTitle(page)).toHaveText('Cut over');
  await expect(primary(page)).toBeEnabled();
  await page.keyboard.press('Enter');
  await expectOutcome(page, 'Succeeded');
});

test('a colleague elsewhere approves with a signed file', async () => {
  const { home } = launched;
  const bo = join(folder, 'bo');
  const passphrase = ['--passphrase-file', file('words', 'correct horse battery')];
  const key = (await muster(bo, 'approve', '--key', ...passphrase)).out;
  await muster(home, 'people', 'add', 'Bo', '--key', file('bo.txt', key));
  await begin(page);
  await reachApproval();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Approve "Ask Bo"' });
  await expect(dialog).toContainText('Nobody has a PIN on this machine.');
  await dialog.getByLabel('From afar, with a signed file').check();
  const request = dialog.getByLabel('Request, to send by mail or chat');
  await expect(request).toHaveValue(/BEGIN MUSTER APPROVAL REQUEST/);
  const asked = file('request.txt', `> ${await request.inputValue()}`);
  const signed = await muster(bo, 'approve', asked, '--as', 'Bo', '--yes', ...passphrase);
  expect(signed.out).toContain('Cut over to the new database');
  expect(signed.out).toContain('echo cut over');
  const approval = readFileSync(`${asked}.approval.txt`, 'utf8');
  await dialog.getByLabel('Signed approval', { exact: true }).fill(approval.slice(0, 300));
  await dialog.getByRole('button', { name: 'Use the approval' }).click();
  await expect(dialog).toContainText('Nothing was approved');
  await dialog.getByLabel('File with the signed approval').setInputFiles(`${asked}.approval.txt`);
  await dialog.getByRole('button', { name: 'Use the approval' }).click();
  await expect(dialog).toBeHidden();
  await expect(stepTitle(page)).toHaveText('Cut over');
});

test('a run is handed over and read-only, goes on elsewhere, and comes back', async () => {
  const bundle = join(folder, 'run.muster');
  await begin(page);
  await actions(page).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Hand over…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Hand the run over' });
  await dialog.getByLabel('To', { exact: true }).fill('Bo');
  await dialog.getByLabel('Why?').fill('End of my shift.');
  await dialog.getByLabel('Passphrase', { exact: true }).fill('four words of nothing');
  await dialog.getByLabel('Passphrase, again').fill('four words of nothing');
  await dialogsAnswer(bundle);
  await dialog.getByRole('button', { name: 'Choose the file…' }).click();
  await expect(dialog).toBeHidden();
  await expect(primary(page)).toHaveText('Handed over');
  await expect(page.getByRole('main')).toContainText('Bo goes on with it.');

  const bo = join(folder, 'bo');
  const passphrase = ['--passphrase-file', file('words', 'four words of nothing')];
  const taken = JSON.parse(
    (await muster(bo, 'take-over', bundle, '--json', ...passphrase)).out,
  ) as { run: string };
  await muster(bo, 'resume', taken.run, '--auto', '--answer=look=done');
  const back = join(folder, 'back.muster');
  await muster(bo, 'hand-over', taken.run, '--to', 'me', '--out', back, ...passphrase);

  await dialogsAnswer(back);
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await page.getByRole('button', { name: 'Take over a run…' }).click();
  const taking = page.getByRole('dialog', { name: 'Take over a run' });
  await taking.getByLabel('Passphrase').fill('wrong words of nothing');
  await page.keyboard.press('Enter');
  await expect(taking).toContainText('does not open');
  await taking.getByLabel('Passphrase').fill('four words of nothing');
  await page.keyboard.press('Enter');
  await expect(taking).toBeHidden();
  await expect(stepTitle(page)).toHaveText('Ask Bo');
  await expect(primary(page)).toHaveText(/^Resume/);
});

test('pictures are pasted and dropped, shown, saved, and stand in the report', async () => {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  await begin(page);
  await paste('shot.png', png);
  const thumbnail = live().getByRole('button', { name: 'Show shot.png' });
  await expect(thumbnail.getByRole('img')).toHaveJSProperty('naturalWidth', 2);
  await live()
    .getByLabel('Files to attach')
    .setInputFiles(file('page.html', '<script>alert(1)</script>'));
  await expect(live()).toContainText('page.html');
  await expect(live().getByRole('button', { name: 'Show page.html' })).toBeHidden();

  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['plain'], 'dropped.txt'));
    return data;
  });
  await live().dispatchEvent('drop', { dataTransfer: transfer });
  await expect(live()).toContainText('dropped.txt');
  await expect(problem()).toBeHidden();

  await thumbnail.click();
  const shown = page.getByRole('dialog', { name: 'shot.png' });
  await expect(shown.getByRole('img')).toHaveJSProperty('naturalWidth', 2);
  await page.keyboard.press('Escape');
  const saved = join(folder, 'saved.png');
  await dialogsAnswer(saved);
  await live().getByRole('button', { name: 'Save shot.png' }).click();
  await expect.poll(() => readFileSync(saved).equals(png)).toBe(true);
  expect(refused).toEqual([]);

  const [run] = JSON.parse((await muster(launched.home, 'runs', '--json')).out);
  const html = (await muster(launched.home, 'report', run.id, '--format', 'html')).out;
  expect(html).toContain(`data:image/png;base64,${png.toString('base64')}`);
  expect(html).not.toContain('<script>');
  expect((await muster(launched.home, 'verify', run.id)).code).toBe(0);
});
