import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { Bridge } from '../src/shared/ipc.ts';
import { type Launched, launch } from './launch.ts';

declare const window: Window & typeof globalThis & { muster: Bridge };

/** The embedded terminal in the real app, with a real shell. */

let launched: Launched;
let folder: string;

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
});
test.afterEach(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

const terminal = (page: Page) => page.getByRole('region', { name: 'Terminal' });

async function openTerminal(args: string[] = []): Promise<Page> {
  launched = await launch({ args });
  const { page } = launched;
  await expect(page.getByRole('navigation', { name: 'Places' })).toBeVisible();
  await page.keyboard.press('Control+`');
  await expect(terminal(page)).toBeVisible();
  await expect.poll(async () => (await shown(page)).trim()).not.toBe('');
  return page;
}

/** The lines that the terminal has on the screen. */
async function shown(page: Page): Promise<string> {
  const rows = await terminal(page).locator('.xterm-rows > div').allInnerTexts();
  return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n');
}

test('a shell opens on a key, takes what is typed, and is there again after a reload', async () => {
  const page = await openTerminal();
  await page.keyboard.type('echo $((6 * 7))-answers\n');
  await expect.poll(() => shown(page)).toContain('42-answers');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Control+`');
  await expect(terminal(page)).toBeVisible();
  await expect.poll(() => shown(page)).toContain('42-answers');
  await terminal(page)
    .getByRole('textbox', { name: /terminal/i })
    .first()
    .focus();
  await page.keyboard.type('echo still-$((1 + 1))-here\n');
  await expect.poll(() => shown(page)).toContain('still-2-here');
});

test('Ctrl-C ends a flood, and the window answers all the while', async () => {
  const page = await openTerminal();
  await page.keyboard.type('yes flood\n');
  await expect.poll(() => shown(page)).toContain('flood\nflood');
  // Not a measurement (bench/terminal-flood does that): a window that hangs fails here.
  await page
    .getByRole('navigation', { name: 'Places' })
    .getByRole('button', { name: /Record/ })
    .click();
  await expect(page.getByRole('main', { name: 'Record' })).toBeVisible();
  expect(await shown(page)).toContain('flood\nflood');
  await terminal(page)
    .getByRole('textbox', { name: /terminal/i })
    .first()
    .focus();
  await page.keyboard.press('Control+c');
  await page.keyboard.type('echo after-$((2 + 3))\n');
  await expect.poll(() => shown(page), { timeout: 15_000 }).toContain('after-5');
});

test('an interactive step runs in the terminal, and its exit code ends it', async () => {
  const file = join(folder, 'interactive.md');
  const code = 'printf "Your name? "\nread name\necho "Hello, $name."\nexit 7';
  writeFileSync(
    file,
    `---\nrunbook: 1\n---\n# Interactive\n\n## One\n### Ask\n\`\`\`sh {id=ask interactive timeout=1m}\n${code}\n\`\`\`\n`,
  );
  launched = await launch({ args: [file] });
  const { page } = launched;
  await expect(page.getByRole('button', { name: 'Start run' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Start a run' })).toBeVisible();
  await page.keyboard.press('Enter');
  const primary = page.getByRole('toolbar', { name: 'Actions' }).getByRole('button').first();
  await expect(primary).toHaveText(/^Run\b/);
  await expect(primary).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(terminal(page)).toBeVisible();
  await expect.poll(() => shown(page)).toContain('Your name?');
  await page.keyboard.type('Ada\n');
  await expect(
    page
      .getByRole('main')
      .getByText(/exit code 7/i)
      .first(),
  ).toBeVisible();
  await expect(primary).toHaveText(/^Retry/);
  const kept = await page.evaluate(async () => {
    const ask = async (name: string, payload?: unknown): Promise<unknown> =>
      ((await window.muster.request(name, payload)) as { value: unknown }).value;
    const [run] = (await ask('run.list')) as { id: string }[];
    const of = { run: run?.id, step: 'ask', attempt: 1, from: 0 };
    return ((await ask('run.output', of)) as { text: string; stream: string }[])
      .filter(({ stream }) => stream === 'terminal')
      .map(({ text }) => text)
      .join('');
  });
  expect(kept).toContain('Hello, Ada.');
});
