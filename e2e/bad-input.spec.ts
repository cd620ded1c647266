import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type Launched, launch } from './launch.ts';
import {
  begin,
  expectOutcome,
  findings,
  primary,
  problem,
  runUntil,
  startRun,
  text,
} from './screen.ts';

/** Files as they come: each opens, or the window says plainly why it does not. */

let folder: string;
let launched: Launched | null;

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
  launched = null;
});
test.afterEach(async () => {
  await launched?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the file and starts the app with it. */
async function open(content: string | Uint8Array): Promise<{ page: Page; file: string }> {
  const file = join(folder, 'runbook.md');
  writeFileSync(file, content);
  launched = await launch({ args: [file] });
  return { page: launched.page, file };
}

const step = (id: string, code: string) =>
  `### Step ${id}\n\`\`\`sh {id=${id} timeout=1m}\n${code}\n\`\`\`\n`;
const annotated = (body: string) => `---\nrunbook: 1\n---\n# A runbook\n\n## All\n${body}`;

/** Shown, with what is wrong, and not to be run: not by the button and not by its key. */
async function expectNotToRun(page: Page, line: number, words: string, remedy: string) {
  const finding = findings(page).getByRole('listitem').first();
  await expect(finding).toContainText(`line ${line} · error`);
  await expect(finding).toContainText(words);
  await expect(finding).toContainText(remedy);
  await expect(startRun(page)).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByText(/error(s)? keeps? it from running/)).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

async function expectRefused(page: Page, file: string, what: string, safe: string, next: string) {
  await expect(page.getByRole('heading', { name: 'runbook.md' })).toBeVisible();
  await expect(problem(page)).toContainText(what);
  await expect(problem(page)).toContainText(safe);
  await expect(problem(page)).toContainText(next);
  await expect(problem(page)).toContainText(file);
}

test('broken front matter: the text opens, with the line and the remedy', async () => {
  const { page } = await open(
    `---\nrunbook: 1\ntitle: [broken\n---\n# T\n\n## A\n${step('a', 'ls')}`,
  );
  await expectNotToRun(page, 3, 'The front matter is not valid YAML', 'Correct this line.');
  await expect(text(page)).toContainText('Step a');
});

test('duplicate ids: the second is named', async () => {
  const { page } = await open(annotated(step('a', 'ls') + step('a', 'pwd')));
  await expectNotToRun(page, 12, 'Two steps have the id "a".', 'Give each step an id of its own.');
});

test('Latin-1: readable, and not to be run', async () => {
  const { page } = await open(Buffer.from(annotated(step('a', 'echo caf\xe9')), 'latin1'));
  await expectNotToRun(page, 9, 'The file is not UTF-8 from this line on', 'Save it as UTF-8');
  await expect(text(page)).toContainText('echo café');
});

test('a binary file with a Markdown name: refused, unchanged, and read again once mended', async () => {
  const bytes = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]);
  const { page, file } = await open(bytes);
  const what = 'is not a text file: it holds binary data.';
  await expectRefused(page, file, what, 'The file was not changed.', 'Choose a Markdown file.');
  expect(readFileSync(file).equals(bytes)).toBe(true);
  writeFileSync(file, annotated(step('a', 'ls')));
  await page.getByRole('button', { name: 'Read it again' }).click();
  await expect(text(page)).toContainText('Step a');
});

test('a file that is not there: refused, and read again once it is', async () => {
  const file = join(folder, 'runbook.md');
  launched = await launch({ args: [file] });
  const { page } = launched;
  const what = `There is no file ${file}.`;
  await expectRefused(page, file, what, 'Runs that used it keep its text.', 'Choose another file');
  writeFileSync(file, annotated(step('a', 'ls')));
  await page.getByRole('button', { name: 'Read it again' }).click();
  await expect(text(page)).toContainText('Step a');
});

test('a folder with a Markdown name: refused', async () => {
  const file = join(folder, 'runbook.md');
  mkdirSync(file);
  launched = await launch({ args: [file] });
  await expectRefused(
    launched.page,
    file,
    'is not a file.',
    'Nothing was changed.',
    'add the folder',
  );
});

test('more than 32 MB: refused with its size', async () => {
  const { page, file } = await open('x'.repeat(33 * 1024 * 1024));
  await expectRefused(page, file, 'has 33.0 MB', 'The file was not changed.', 'Split it');
});

/** What one text of 20 MB can be made of; each was seconds or minutes of standstill once. */
const megabytes = 20 * 1024 * 1024;
const filled = (piece: string) => piece.repeat(Math.ceil(megabytes / piece.length));
const shapes: [name: string, content: string, last: string][] = [
  ['of sections', filled('## Phase\n### Step\nSome prose.\n\n```sh\nls\n```\n'), 'Some prose.'],
  ['of prose', `# T\n\n## A\n### S\n${filled('Lorem ipsum dolor sit amet.\n')}the end`, 'the end'],
  ['of one line', filled('word'), 'wordword'],
  ['of one command', annotated(step('a', `${filled('echo hello\n')}echo end`)), 'echo end'],
  ['of tasks', `# T\n\n## A\n### S\n${filled('- [ ] look\n')}- [ ] the end`, 'the end'],
  ['of list marks', filled('1. '), '1. 1. 1.'],
];
for (const [name, content, last] of shapes) {
  test(`20 MB ${name}: the window stays responsive, and the text is there`, async () => {
    const file = join(folder, 'big.md');
    writeFileSync(file, content);
    launched = await launch();
    const { app, page } = launched;
    await expect(page.getByRole('heading', { name: 'Library' })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Restore the orders/ })).toBeVisible();
    await app.evaluate(watchStandstill);
    await page.evaluate(watchStandstill);
    await app.evaluate(({ BrowserWindow }, path) => {
      BrowserWindow.getAllWindows()[0]?.webContents.send('muster:push', 'app.open', { path });
    }, file);
    // Not with a locator: to look by roles stops the page itself, for seconds over such a text.
    await page.evaluate(textIsThere);
    await page.evaluate(settled);
    expect(await app.evaluate(longestStandstill)).toBeLessThan(1_000);
    expect(await page.evaluate(longestStandstill)).toBeLessThan(2_000);
    // Looked for in the page itself: the tools of the test would take seconds over it.
    const isThere = (element: Element, words: string) => element.textContent.includes(words);
    expect(await text(page).evaluate(isThere, last)).toBe(true);
    // The keyboard is heard at once.
    await page.keyboard.press('Escape');
    await expect(page.getByRole('heading', { name: 'Library' })).toBeVisible({ timeout: 3_000 });
  });
}

/** In the page: resolves when the text of a runbook is in it. */
function textIsThere(): Promise<void> {
  const deadline = performance.now() + 30_000;
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (document.querySelector('[aria-label="Text of the runbook"]') !== null) resolve();
      else if (performance.now() > deadline) reject(new Error('The text did not come.'));
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** In the page: two frames later, what was asked for is drawn. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

/** In a process of the app: notes how long nothing else could run there. */
function watchStandstill(): void {
  const watched = globalThis as unknown as { longestStandstill: number };
  let last = performance.now();
  watched.longestStandstill = 0;
  setInterval(() => {
    const now = performance.now();
    watched.longestStandstill = Math.max(watched.longestStandstill, now - last);
    last = now;
  }, 10);
}

function longestStandstill(): number {
  return (globalThis as unknown as { longestStandstill: number }).longestStandstill;
}

test('a file that changes between being shown and being run: no run begins', async () => {
  const { page, file } = await open(annotated(step('a', 'echo shown')));
  await expect(startRun(page)).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Start a run' })).toBeVisible();
  writeFileSync(file, annotated(step('a', 'echo something else')));
  await page.keyboard.press('Enter');
  await expect(problem(page)).toContainText('was changed since it was shown here.');
  await expect(problem(page)).toContainText('No run began.');
  await expect(problem(page)).toContainText('look at what changed, then start');
});

test('a runbook that is deleted during its run: the run goes on, and keeps its text', async () => {
  const { page, file } = await open(annotated(step('a', 'echo one') + step('b', 'echo two')));
  await begin(page);
  await runUntil(page, 'Step b');
  rmSync(file);
  await expect(primary(page)).toHaveText(/^Run\b/);
  await expect(primary(page)).toBeEnabled();
  await page.keyboard.press('Enter');
  await expectOutcome(page, 'Succeeded');
});

test('the folder of a runbook goes during its run: the step says so, and runs once it is back', async () => {
  const at = join(folder, 'guides');
  mkdirSync(at);
  const file = join(at, 'runbook.md');
  writeFileSync(file, annotated(step('a', 'echo one') + step('b', 'pwd')));
  launched = await launch({ args: [file] });
  const { page } = launched;
  await begin(page);
  await runUntil(page, 'Step b');
  rmSync(at, { recursive: true });
  await expect(primary(page)).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(problem(page)).toContainText(
    `The runbook's folder, where its steps run, is gone: ${at}.`,
  );
  await expect(problem(page)).toContainText('Put the folder back and retry');
  mkdirSync(at);
  await expect(primary(page)).toHaveText(/^Retry/);
  await expect(primary(page)).toBeEnabled();
  await page.keyboard.press('r');
  await expectOutcome(page, 'Succeeded');
});
