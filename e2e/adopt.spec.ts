import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import type { Bridge } from '../src/shared/ipc.ts';
import { type Launched, launch } from './launch.ts';
import { text as document } from './screen.ts';

declare const window: Window & typeof globalThis & { muster: Bridge };

/** A plain guide becomes a runbook in the real app: the copy is shown, written, gone through. */

const guide = [
  '# Restore the wiki',
  '',
  '| Component | RTO | RPO |',
  '|---|---|---|',
  '| Wiki | 2 hours | 15 minutes |',
  '',
  '## Restore',
  '',
  '### Stop the writers',
  '',
  '```sh',
  'systemctl stop wiki',
  '```',
  '',
  '### Load the dump',
  '',
  '```bash',
  'psql -h <db-host> -f dump.sql',
  '```',
  '',
].join('\r\n');

let launched: Launched;
let page: Page;
let folder: string;
let file: string;

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-adopt-'));
  file = join(folder, 'wiki.md');
  writeFileSync(file, guide);
  launched = await launch({ args: [file] });
  ({ page } = launched);
  await expect(heading('Restore the wiki')).toBeVisible();
});

test.afterEach(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

const heading = (name: string) => page.getByRole('heading', { level: 1, name });
const adoption = () => page.getByRole('region', { name: 'Adopt this guide' });
const mark = (step: string) => page.getByRole('button', { name: `Mark reviewed: ${step}` });

async function violations(): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

test('a guide is adopted: the difference first, then a new file, its commands reviewed one by one', async () => {
  await page.getByRole('button', { name: 'Adopt as a runbook…' }).click();
  await expect(adoption()).toContainText('wiki.runbook.md');
  await expect(adoption()).toContainText('the guide stays as it is');
  const changed = adoption().getByRole('article', { name: 'Load the dump: changed' });
  await expect(changed).toContainText('id=load-the-dump');
  await expect(changed).toContainText('"$DB_HOST"');
  const copy = join(folder, 'wiki.runbook.md');
  expect(existsSync(copy)).toBe(false);

  await adoption().getByRole('button', { name: 'Write the copy' }).click();
  await expect(page.getByText('wiki.runbook.md', { exact: true })).toBeVisible();
  await expect(document(page)).toBeVisible();
  expect(readFileSync(file, 'utf8')).toBe(guide);

  const before = readFileSync(copy, 'utf8');
  await mark('Stop the writers').click();
  await expect(mark('Stop the writers')).toHaveCount(0);
  await expect(page.getByText(/^Saved: the command on line \d+ is reviewed/)).toBeVisible();
  await expect(mark('Load the dump')).toBeVisible();
  const after = readFileSync(copy, 'utf8');
  expect(after).toBe(before.replace('guess="risk timeout"', 'reviewed'));
  expect(after).toContain('guess="risk timeout inputs"');
});

test('a copy that is there stays, and is offered', async () => {
  const copy = join(folder, 'wiki.runbook.md');
  writeFileSync(copy, '# Gone over by hand\n');
  await page.keyboard.press('c');
  await expect(adoption()).toContainText('The guide was adopted before');
  await expect(adoption()).toContainText('wiki.runbook-2.md');
  await adoption().getByRole('button', { name: 'Open that copy' }).click();
  await expect(heading('Gone over by hand')).toBeVisible();
  await page.keyboard.press('Escape');
  expect(readFileSync(copy, 'utf8')).toBe('# Gone over by hand\n');
});

test('what changed under the eyes is neither marked nor adopted', async () => {
  // The window learns of it later than the click: it asks about a text that is gone.
  const stale = (name: string, more: object) =>
    page.evaluate(
      async ([n, path, m]) => {
        const opened = await window.muster.request('runbook.open', { path });
        const { sha256 } = (opened as { value: { sha256: string } }).value;
        const other = sha256.replace(/^./, (c) => (c === '0' ? '1' : '0'));
        return window.muster.request(n as string, { path, sha256: other, ...(m as object) });
      },
      [name, file, more] as const,
    );
  for (const [name, more] of [
    ['runbook.markReviewed', { line: 11 }],
    ['runbook.adoption', {}],
    ['runbook.adopt', {}],
  ] as const) {
    expect(await stale(name, more)).toMatchObject({
      ok: false,
      problem: { code: 'runbook-changed' },
    });
  }
  expect(readFileSync(file, 'utf8')).toBe(guide);
  expect(existsSync(join(folder, 'wiki.runbook.md'))).toBe(false);
});

for (const theme of ['light', 'dark'] as const) {
  test(`nothing stands in the way of anybody: ${theme}`, async () => {
    await page.evaluate((t) => window.muster.request('settings.set', { theme: t }), theme);
    expect(await violations()).toEqual([]);
    await page.keyboard.press('c');
    await expect(adoption().getByRole('article').first()).toBeVisible();
    expect(await violations()).toEqual([]);
  });
}
