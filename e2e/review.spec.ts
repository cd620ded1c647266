import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import type { Bridge } from '../src/shared/ipc.ts';
import { type Launched, launch } from './launch.ts';

declare const window: Window & typeof globalThis & { muster: Bridge };

/** Reading, approving and taking along a runbook in the real app. */

let launched: Launched;
let page: Page;
let folder: string;
let file: string;

const steps = Array.from(
  { length: 30 },
  (_, index) =>
    `### Check node ${index + 1}\n\nLook at its load.\n\n\`\`\`sh {id=node-${index + 1} timeout=5m}\nuptime\n\`\`\`\n`,
);
const text = `---
runbook: 1
title: Move the orders database
kind: maintenance
review: 90d
---
# Move the orders database

For the night shift, see [the map](https://example.org/map).

## Prepare

### Stop the writers

\`\`\`sh {id=stop timeout=5m risk=disruptive}
kubectl scale deployment/orders --replicas=0
\`\`\`

- [ ] The shop shows the notice

### Tell support

Write to them.

## Nodes

${steps.join('\n')}`;

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-review-'));
  file = join(folder, 'orders.md');
  writeFileSync(file, text);
  launched = await launch();
  ({ page } = launched);
  await request('library.addDroppedFolder', { path: folder });
  await row().click();
  await expect(panel()).toContainText('Never reviewed.');
});

test.afterEach(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

const request = (name: string, payload: unknown): Promise<unknown> =>
  page.evaluate(([n, p]) => window.muster.request(n as string, p), [name, payload]);
const row = () =>
  page
    .getByRole('region', { name: 'Runbooks' })
    .getByRole('button', { name: /^Move the orders database/ })
    .first();
const panel = () => page.getByRole('region', { name: 'Review', exact: true });
const document = () => page.getByRole('region', { name: 'Text of the runbook' });
const difference = () => page.getByRole('region', { name: 'What changed since the review' });

async function approve(comment: string): Promise<void> {
  await panel()
    .getByRole('button', { name: /^Approve/ })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Approve this version' });
  await dialog.getByRole('textbox').fill(comment);
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog).toBeHidden();
}

/** Saves as most editors do: a new file takes the old one's place. */
function save(changed: string): void {
  writeFileSync(`${file}~`, changed);
  renameSync(`${file}~`, file);
}

/** The next save dialog answers with this file. */
const saveTo = (path: string) =>
  launched.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, path);

async function violations(): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

test('a runbook is approved, changes under the eyes, is compared and approved again', async () => {
  await page.keyboard.press('v');
  await expect(difference()).toContainText('Nobody approved this runbook yet');
  await page.keyboard.press('v');
  await approve('Read with the team.');
  await expect(panel()).toContainText(/Reviewed by .* Due again on /);
  await expect(panel()).toContainText('Read with the team.');

  save(
    text
      .replace('--replicas=0', '--replicas=1')
      .replace('### Tell support\n\nWrite to them.\n\n', '')
      .replace('## Nodes', '### Take a backup\n\nBefore anything else.\n\n## Nodes'),
  );
  await expect(panel()).toContainText('Changed since the review');
  await expect(document()).toContainText('--replicas=1');

  await panel().getByRole('button', { name: 'What changed' }).click();
  await expect(difference()).toContainText('1 part changed · 1 added · 1 removed');
  const changed = difference().getByRole('article', { name: 'Stop the writers: changed' });
  await expect(changed.locator('mark')).toHaveText(['0', '1']);
  await expect(difference().getByRole('article', { name: 'Tell support: removed' })).toBeVisible();
  await expect(difference().getByRole('article', { name: 'Take a backup: added' })).toBeVisible();

  await page.keyboard.press('Escape');
  await expect(document()).toBeVisible();
  await approve('One replica stays.');
  await expect(panel()).toContainText('Reviewed by');
  await expect(panel().getByText('2 approvals')).toBeVisible();
  await page.getByRole('button', { name: 'Library' }).first().click();
  await expect(row().getByRole('img', { name: 'reviewed' })).toBeVisible();
});

test('a file that changes keeps the place and the selection of the reader', async () => {
  await page
    .getByRole('navigation', { name: 'Outline' })
    .getByRole('button', { name: /Check node 9/ })
    .click();
  const step = document().getByRole('article', { name: 'Check node 9', exact: true });
  await expect(step).toBeInViewport();
  await step.getByText('Look at its load.').selectText();
  const top = async () => Math.round((await step.boundingBox())?.y ?? -1);
  // What was measured settles first.
  await page.waitForTimeout(500);
  const before = await top();

  save(text.replace('## Nodes', `### More\n\n${'A line.\n\n'.repeat(30)}\n## Nodes`));
  await expect(
    page.getByRole('navigation', { name: 'Outline' }).getByRole('button', { name: /More/ }),
  ).toBeVisible();
  await expect.poll(async () => Math.abs((await top()) - before)).toBeLessThan(4);
  expect(await page.evaluate(() => String(getSelection()))).toBe('Look at its load.');

  rmSync(file);
  await expect(page.getByRole('alert')).toContainText('There is no file');
  await expect(step).toBeInViewport();
  writeFileSync(file, text);
  await expect(page.getByRole('alert')).toBeHidden();
});

test('a review that ran out is shown as overdue, here and in the library', async () => {
  save(text.replace('review: 90d', 'review: 1s'));
  await expect(page.getByText(/^every /)).not.toHaveText('every 90 days');
  await approve('');
  await page.getByRole('button', { name: 'Library' }).first().click();
  await expect
    .poll(async () => {
      await request('library.pin', { path: file, pinned: true });
      return row().getByText('review overdue').count();
    })
    .toBe(1);
  await row().click();
  await expect(panel()).toContainText('Review overdue since');
});

test('a runbook is exported as HTML and PDF, and printed', async () => {
  const html = join(folder, 'out.html');
  await saveTo(html);
  await page.getByRole('button', { name: 'More for this runbook' }).click();
  await page.getByRole('menuitem', { name: 'Export as HTML…' }).click();
  await expect(page.getByText(`Saved to ${html}`)).toBeVisible();
  const written = readFileSync(html, 'utf8');
  expect(written).toContain('aria-label="Done: Stop the writers"');
  expect(written).toContain('Never reviewed.');
  expect(written).not.toContain('<script');

  // Readable without Muster: in a window of its own, without script.
  const read = await launched.app.evaluate(async ({ BrowserWindow, session }, content) => {
    const own = session.fromPartition('reader');
    own.protocol.handle(
      'muster',
      () => new Response(content, { headers: { 'Content-Type': 'text/html' } }),
    );
    const reader = new BrowserWindow({ show: false, webPreferences: { session: own } });
    await reader.loadURL('muster://reader/');
    const shown: string = await reader.webContents.executeJavaScript('document.body.innerText');
    reader.destroy();
    return shown;
  }, written);
  expect(read).toContain('Check node 30');

  const pdf = join(folder, 'out.pdf');
  await saveTo(pdf);
  await page.getByRole('button', { name: 'More for this runbook' }).click();
  await page.getByRole('menuitem', { name: 'Export as PDF…' }).click();
  await expect(page.getByText(`Saved to ${pdf}`)).toBeVisible({ timeout: 30_000 });
  const bytes = readFileSync(pdf);
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(bytes.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(1);
  expect(
    await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
  ).toBe(1);

  await launched.app.evaluate(({ app }) => {
    app.on('web-contents-created', (_event, contents) => {
      contents.print = (options, done) => {
        Object.assign(globalThis, { printed: options });
        done?.(true, '');
      };
    });
  });
  await page.keyboard.press('ControlOrMeta+p');
  await expect(page.getByText('Sent to the printer')).toBeVisible();
  expect(await launched.app.evaluate(() => Reflect.get(globalThis, 'printed'))).toMatchObject({
    silent: false,
  });
});

test('a folder is exported into one file, behind an index', async () => {
  await page.getByRole('button', { name: 'Library' }).first().click();
  const file = join(folder, 'library.html');
  await saveTo(file);
  const button = page.getByRole('button', { name: /^Export folder / });
  await button.click();
  await page.getByRole('menuitem', { name: 'As one HTML file…' }).click();
  await expect(page.getByText(`1 runbook saved to ${file}`)).toBeVisible();
  expect(readFileSync(file, 'utf8')).toContain('<a href="#book-1">Move the orders database</a>');

  const pdf = join(folder, 'library.pdf');
  await saveTo(pdf);
  await button.click();
  await page.getByRole('menuitem', { name: 'As one PDF…' }).click();
  await expect(page.getByText(`1 runbook saved to ${pdf}`)).toBeVisible({ timeout: 30_000 });
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');

  rmSync(pdf);
  writeFileSync(join(folder, 'code.md'), `# Code\n\n${'    a < b\n'.repeat(2_000_000)}`);
  await button.click();
  await page.getByRole('menuitem', { name: 'As one PDF…' }).click();
  await expect(page.getByRole('alert')).toContainText('too much text for one PDF', {
    timeout: 60_000,
  });
  expect(existsSync(pdf)).toBe(false);
});

test('the editor of the system is asked for, and its absence is said', async () => {
  await launched.app.evaluate(({ shell }) => {
    shell.openPath = async (path) => {
      Object.assign(globalThis, { edited: path });
      return Reflect.get(globalThis, 'refusal') ?? '';
    };
  });
  await page.keyboard.press('e');
  await expect
    .poll(() => launched.app.evaluate(() => Reflect.get(globalThis, 'edited')))
    .toBe(file);
  await launched.app.evaluate(() => void Object.assign(globalThis, { refusal: 'no program' }));
  await page.keyboard.press('e');
  await expect(page.getByRole('alert')).toContainText('no program that opens Markdown files');
});

for (const theme of ['light', 'dark'] as const) {
  test(`nothing stands in the way of anybody: ${theme}`, async () => {
    await request('settings.set', { theme });
    await page.reload();
    await row().click();
    await approve('Read.');
    save(text.replace('Write to them.', 'Call them.'));
    await expect(panel()).toContainText('Changed since');
    expect(await violations()).toEqual([]);
    await panel().getByRole('button', { name: 'What changed' }).click();
    await expect(difference().getByRole('article')).toHaveCount(1);
    expect(await violations()).toEqual([]);
    await difference()
      .getByRole('button', { name: /^Approve/ })
      .click();
    expect(await violations()).toEqual([]);
  });
}
