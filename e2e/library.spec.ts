import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { z } from 'zod';
import type { Bridge } from '../src/shared/ipc.ts';
import { type Launched, launch } from './launch.ts';
import { begin } from './screen.ts';

declare const window: Window & typeof globalThis & { muster: Bridge };

/** The library in the real app: a team's folder, found, narrowed, pinned and followed on disk. */

let launched: Launched;
let page: Page;
let folder: string;

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
  writeGuides();
  launched = await launch();
  ({ page } = launched);
  await expect(page.getByRole('heading', { name: 'Library' })).toBeVisible();
  // A folder that is dropped goes the same way; the drop itself cannot be made by a program.
  await request('library.addDroppedFolder', { path: folder });
  await expect(row('Restore orders')).toBeVisible();
});

test.afterEach(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

const request = (name: string, payload: unknown): Promise<unknown> =>
  page.evaluate(([n, p]) => window.muster.request(n as string, p), [name, payload]);

const list = () => page.getByRole('region', { name: 'Runbooks' });
/** What it opens begins its name; the pin beside it is another button. */
const row = (name: string) => list().getByRole('button', { name: new RegExp(`^${name}`) });
const search = () => page.getByRole('searchbox', { name: 'Search runbooks' });

function writeGuides(): void {
  mkdirSync(join(folder, 'db'));
  const muster = (title: string, head: string, steps: string): string =>
    `---\nrunbook: 1\n${head}\n---\n# ${title}\n\nFor the night shift.\n\n## Do it\n\n${steps}`;
  const files: Record<string, string> = {
    'db/orders.md': muster(
      'Restore orders',
      'kind: restore\nsystem: orders\nowner: platform\nrequires: {tools: [psql, kubectl]}',
      `### Stop the writers\n\nTell the shop first.\n\n\`\`\`sh {id=stop timeout=5m risk=disruptive}\nkubectl scale deployment/orders --replicas=0\n\`\`\`\n\n` +
        `### Load the backup\n\n\`\`\`sh {id=load timeout=20m}\npg_restore --clean orders.dump\n\`\`\`\n`,
    ),
    'db/payments.md': muster(
      'Fail over payments',
      'kind: failover\nsystem: payments\nowner: money',
      '### Promote the replica\n\n```sh {id=promote timeout=5m}\npg_ctl promote\n```\n',
    ),
    'guide.md':
      '# Rotate the certificates\n\n## Steps\n\n1. Ask the authority for new ones\n\n   ```sh\n   openssl req -new\n   ```\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

test('what is typed right after the key of the palette goes into it, and to no action behind', async () => {
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('restore');
  const field = page.getByRole('dialog').getByPlaceholder(/An action/);
  await expect(field).toHaveValue('restore');
  await expect(page.getByRole('option', { name: /Restore orders/ })).toBeVisible();
  await page.keyboard.type(' orders');
  await expect(field).toHaveValue('restore orders');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('main', { name: 'Library' })).toBeVisible();
});

test('what comes while the palette is open is found in it', async () => {
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('brand new');
  await expect(page.getByRole('dialog')).toContainText('Nothing here has that name.');
  writeFileSync(join(folder, 'new.md'), '# Brand new\n');
  await expect(page.getByRole('option', { name: 'Brand new' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Brand new' })).toBeVisible();
  // It stands among the recent ones and in its folder now, and is one runbook all the same.
  await page.keyboard.press('Escape');
  await expect(row('Brand new')).toHaveCount(2);
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('brand new');
  await expect(page.getByRole('option', { name: 'Brand new' })).toHaveCount(1);
});

test('Enter right after the key of the palette and a name opens it', async () => {
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('go to record');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main', { name: 'Record' })).toBeVisible();
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('a word in a command leads to its step', async () => {
  await page.keyboard.press('/');
  await page.keyboard.type('pg_restore');
  await expect(row('Load the backup')).toBeVisible();
  await expect(row('Load the backup').locator('mark', { hasText: 'pg_restore' })).toBeVisible();
  await row('Load the backup').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Restore orders' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Load the backup' })).toBeInViewport();
});

test('what nothing holds says so, and no text is an error', async () => {
  for (const text of ['zebra', '"', 'NEAR(', 'a* AND ^zebra', ':']) {
    await search().fill(text);
    await expect(
      page.getByRole('heading', { name: `No runbook matches "${text}"`, exact: true }),
    ).toBeVisible();
  }
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.getByRole('button', { name: 'Clear search' }).click();
  await expect(row('Restore orders')).toBeVisible();
});

test('an edit outside shows within a second, a new file and a deleted one too', async () => {
  const path = join(folder, 'guide.md');
  const soon = { timeout: 1_500 };
  writeFileSync(path, '# Renew the certificates\n\n## Steps\n\n1. Look\n');
  await expect(row('Renew the certificates')).toBeVisible(soon);
  mkdirSync(join(folder, 'new'));
  writeFileSync(join(folder, 'new', 'x.md'), '# Brand new\n');
  await expect(row('Brand new')).toBeVisible({ timeout: 3_000 });
  rmSync(path);
  await expect(row('Renew the certificates')).toHaveCount(0, soon);
  await search().fill('renew');
  await expect(page.getByRole('heading', { name: /No runbook matches/ })).toBeVisible();
  writeFileSync(join(folder, 'new', 'x.md'), '# Renew all\n');
  await expect(row('Renew all')).toBeVisible(soon);
});

test('the next start knows the list before it has looked, and then says what has changed', async () => {
  const home = `${folder}-home`;
  const again = async () => {
    await launched.close();
    launched = await launch({ home });
    ({ page } = launched);
  };
  try {
    await again();
    await request('library.addDroppedFolder', { path: folder });
    await expect(row('Fail over payments')).toBeVisible();
    await again();
    await expect(row('Rotate the certificates')).toBeVisible();
    await launched.close();
    writeFileSync(join(folder, 'guide.md'), '# Renew the certificates\n');
    rmSync(join(folder, 'db', 'payments.md'));
    launched = await launch({ home });
    ({ page } = launched);
    await expect(row('Renew the certificates')).toBeVisible();
    await expect(row('Fail over payments')).toHaveCount(0);
    await expect(row('Restore orders')).toBeVisible();
  } finally {
    await launched.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    launched = await launch();
  }
});

test('filters narrow the list and the search', async () => {
  await page.getByRole('combobox', { name: 'System' }).selectOption('payments');
  await expect(row('Fail over payments')).toBeVisible();
  await expect(row('Restore orders')).toHaveCount(0);
  await search().fill('pg');
  await expect(row('Fail over payments')).toBeVisible();
  await expect(row('Restore orders')).toHaveCount(0);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(row('Restore orders')).toBeVisible();
  await search().fill('');
  await page.getByRole('combobox', { name: 'Tool' }).selectOption('psql');
  await expect(row('Restore orders')).toBeVisible();
  await expect(row('Fail over payments')).toHaveCount(0);
});

test('by keyboard alone: find, pin, open, come back', async () => {
  await page.keyboard.press('Control+f');
  await page.keyboard.type('promote');
  await expect(row('Promote the replica')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(row('Fail over payments')).toBeFocused();
  await page.keyboard.press('p');
  await expect(row('Pin Fail over payments')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Fail over payments' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+f');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(list().getByRole('heading').first()).toHaveText('Pinned');
  await page.reload();
  await expect(list().getByRole('heading').first()).toHaveText('Pinned');
});

test('the list is entered with the answer to what was typed, not with the one before it', async () => {
  await search().fill('pg_restore');
  await expect(row('Load the backup')).toBeVisible();
  await search().fill('promote');
  await page.keyboard.press('ArrowDown');
  await expect(row('Fail over payments')).toBeFocused();
  await expect(row('Restore orders')).toHaveCount(0);
});

test('a note of a run is found, also one from elsewhere, and opens the record at the note', async () => {
  await row('Rotate the certificates').click();
  await begin(page);
  await addNote('The old authority was unreachable for a while');
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+f');
  await page.keyboard.type('authority');
  await expect(list().getByRole('heading', { name: 'Notes of runs' })).toBeVisible();
  await expect(row('Rotate the certificates')).toBeVisible();
  await expect(row('Also 1 note of a run')).toBeVisible();
  const note = row('The old authority was unreachable');
  await expect(note.locator('mark')).toHaveText('authority');
  await expect(note).toContainText('Rotate the certificates');

  // With nobody at the keyboard the list follows what is noted elsewhere.
  const [run] = z
    .object({ value: z.array(z.object({ id: z.string() })) })
    .parse(await request('run.list', undefined)).value;
  const command = { kind: 'note', step: null, text: 'Its authority answers again' };
  await request('run.command', { run: run?.id, command });
  await expect(row('Its authority answers again')).toBeVisible({ timeout: 5_000 });

  await search().fill('unreachable while');
  await expect(row('Rotate the certificates')).toHaveCount(0);
  await page.keyboard.press('Enter');
  const entry = page.getByRole('list', { name: 'Timeline' }).locator('[aria-current]');
  await expect(entry).toContainText('The old authority was unreachable for a while');
  await expect(entry).toBeInViewport();
});

async function addNote(words: string): Promise<void> {
  await page.keyboard.press('n');
  await page.getByRole('dialog').getByRole('textbox').fill(words);
  await page.getByRole('dialog').getByRole('button', { name: 'Add the note' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
}

test('a folder in git shows its branch and that something is not committed', async () => {
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args]);
  git('init', '--quiet', '--initial-branch=night-shift');
  git('add', '.');
  git('-c', 'user.name=Ada', '-c', 'user.email=a@example.org', 'commit', '-qm', 'Write guides');
  await page.reload();
  await expect(list().getByText('night-shift')).toBeVisible();
  await expect(list().getByText('uncommitted changes')).toHaveCount(0);
  writeFileSync(join(folder, 'guide.md'), '# Changed\n');
  await expect(list().getByText('uncommitted changes')).toBeVisible();
  await row('Restore orders').click();
  await expect(page.getByRole('heading', { name: 'Last committed change' })).toBeVisible();
  await expect(page.getByText('Write guides')).toBeVisible();
});

test('a folder that cannot be read, and a loop of links, leave the rest', async () => {
  const gone = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
  await request('library.addDroppedFolder', { path: gone });
  rmSync(gone, { recursive: true });
  execFileSync('ln', ['-s', folder, join(folder, 'db', 'loop')]);
  await page.reload();
  await expect(page.getByText(`${gone} is not there.`)).toBeVisible();
  await expect(row('Restore orders')).toHaveCount(1);
});

for (const theme of ['light', 'dark']) {
  test(`nothing stands in the way of anybody: ${theme}`, async () => {
    await request('settings.set', { theme });
    await request('library.pin', { path: join(folder, 'guide.md'), pinned: true });
    await page.reload();
    await expect(row('Restore orders')).toBeVisible();
    expect(await violations()).toEqual([]);
    await search().fill('orders');
    await expect(row('Load the backup')).toBeVisible();
    expect(await violations()).toEqual([]);
    await row('Load the backup').click();
    await expect(page.getByRole('heading', { name: 'Runs of this runbook' })).toBeVisible();
    expect(await violations()).toEqual([]);
  });
}

async function violations(): Promise<string[]> {
  // The page may open no second one, as axe would to join the results of frames; it has none.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
