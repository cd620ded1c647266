import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { mayMount, mountDisk, readOnlyFolder } from '../src/store/test/disk.ts';
import { muster, start } from './command-line.ts';
import { type Launched, launch } from './launch.ts';
import {
  actions,
  begin,
  expectOutcome,
  primary,
  problem,
  runUntil,
  startRun,
  stepTitle,
  text,
} from './screen.ts';

/** What the window says and keeps when the store or a step's process fails under it. */

let folder: string;
/** What ends with the test, the latest first. */
let ends: (() => Promise<void> | void)[];

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
  ends = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })];
});
test.afterEach(async () => {
  for (const end of ends.reverse()) await end();
});

async function app(home: string, file?: string): Promise<Launched> {
  const launched = await launch(file === undefined ? { home } : { home, args: [file] });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await launched.close();
    isOpen = false;
  };
  ends.push(close);
  return { ...launched, close };
}

const step = (id: string, code: string) =>
  `### Step ${id}\n\`\`\`sh {id=${id} timeout=1m}\n${code}\n\`\`\`\n`;

/** Writes a runbook of these steps and returns its path. */
function runbook(...steps: string[]): string {
  const file = join(folder, 'runbook.md');
  writeFileSync(file, `---\nrunbook: 1\n---\n# A runbook\n\n## All\n${steps.join('')}`);
  return file;
}

const home = () => join(folder, 'home');

async function enter(page: Page, label: RegExp): Promise<void> {
  await expect(primary(page)).toHaveText(label);
  await expect(primary(page)).toBeEnabled();
  await page.keyboard.press('Enter');
}

async function place(page: Page, key: string, name: string): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press(key);
  await expect(page.getByRole('main', { name })).toBeVisible();
}

async function runId(at: string): Promise<string> {
  const [run] = JSON.parse((await muster(at, 'runs', '--json')).out) as { id: string }[];
  return run?.id ?? '';
}

async function expectVerified(at: string, run: string): Promise<void> {
  const { code, out } = await muster(at, 'verify', run);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('events verify') });
}

test('a read-only data folder: said at once, and everything can still be read', async () => {
  const disk = readOnlyFolder();
  ends.push(disk.remove);
  const { page } = await app(disk.path, runbook(step('a', 'echo one')));
  await expect(problem(page)).toContainText(
    `Muster cannot write its database ${disk.path}/muster.db.`,
  );
  await expect(problem(page)).toContainText('Nothing was changed.');
  await expect(problem(page)).toContainText('set MUSTER_HOME to a folder that can be written');
  await expect(text(page)).toContainText('echo one');
  // The record says it too, and no run begins.
  await startRun(page).click();
  await page
    .getByRole('dialog', { name: 'Start a run' })
    .getByRole('button', { name: 'Start' })
    .click();
  // What was filled in stays, with the reason.
  await expect(page.getByRole('dialog', { name: 'Start a run' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(startRun(page)).toBeVisible();
  await place(page, 'h', 'Record');
  await expect(page.getByRole('heading', { name: 'The record cannot be read' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('a locked database at the start: said, and taken up once it is let go', async () => {
  await muster(home(), 'run', runbook(step('a', 'echo one')), '--auto');
  const other = lock(home(), 'PRAGMA locking_mode = EXCLUSIVE');
  const { page } = await app(home());
  await expect(problem(page)).toContainText('locked for longer than Muster waits');
  await expect(problem(page)).toContainText(
    'Nothing was written; what was recorded before is kept.',
  );
  await expect(problem(page)).toContainText('Close other programs that work on this file');
  await place(page, 'h', 'Record');
  await expect(page.getByRole('heading', { name: 'The record cannot be read' })).toBeVisible();
  other.close();
  const row = page.getByRole('main').getByRole('button', { name: /A runbook/ });
  await expect(async () => {
    await page.getByRole('button', { name: 'Try again' }).click({ timeout: 1_000 });
    await expect(row).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
});

test('a database that is locked during a run: the run stays, and goes on afterwards', async () => {
  const { page } = await app(home(), runbook(step('a', 'echo one'), step('b', 'echo two')));
  await begin(page);
  await runUntil(page, 'Step b');
  const other = lock(home());
  await enter(page, /^Run\b/);
  await expect(problem(page)).toContainText('locked for longer than Muster waits');
  await expect(stepTitle(page)).toHaveText('Step b');
  other.exec('COMMIT');
  await problem(page)
    .getByRole('button', { name: /Dismiss/ })
    .click();
  await enter(page, /^Run\b/);
  await expectOutcome(page, 'Succeeded');
  await expectVerified(home(), await runId(home()));
});

test('a database that is locked while a step runs: said, waited for, and nothing is lost', async () => {
  const count = 'n=0; while [ $n -lt 40 ]; do n=$((n + 1)); echo "line $n."; sleep 0.2; done';
  const { page } = await app(home(), runbook(step('a', count)));
  await begin(page);
  await enter(page, /^Run\b/);
  await expect(page.getByText('line 2.')).toBeVisible();
  const other = lock(home());
  await expect(problem(page)).toContainText('Muster waits to record what the run does');
  other.exec('COMMIT');
  await expectOutcome(page, 'Succeeded');
  const run = await runId(home());
  await expectVerified(home(), run);
  const { out } = await muster(home(), 'report', run, '--format', 'md');
  const printed = [...out.matchAll(/line (\d+)\./g)].map((match) => Number(match[1]));
  expect(printed).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

/** Another program's lock: keeps all from writing, and with `before` from reading too. */
function lock(at: string, before = ''): Database.Database {
  const other = new Database(join(at, 'muster.db'));
  ends.push(() => void other.close());
  other.exec(`${before}; BEGIN EXCLUSIVE`);
  return other;
}

test('a corrupt database: said with what to do, and the file is left as it is', async () => {
  await muster(home(), 'run', runbook(step('a', 'echo one')), '--auto');
  const file = join(home(), 'muster.db');
  const spoilt = Buffer.concat([readFileSync(file).subarray(0, 4096), Buffer.alloc(60_000, 0xa5)]);
  writeFileSync(file, spoilt);
  const { page, close } = await app(home(), join(folder, 'runbook.md'));
  await expect(problem(page)).toContainText(`The database ${file} is damaged.`);
  await expect(problem(page)).toContainText('The file is left exactly as it is');
  await expect(problem(page)).toContainText('set MUSTER_HOME to a new folder');
  await expect(text(page)).toContainText('echo one');
  await close();
  expect(readFileSync(file).equals(spoilt)).toBe(true);
});

if (mayMount) {
  test('a full disk during a run: nothing recorded is lost, and the run ends once there is room', async () => {
    const disk = mountDisk('size=64m');
    ends.push(disk.unmount);
    const go = join(folder, 'go');
    const wait = `until test -e '${go}'; do sleep 0.1; done\nhead -c 3000000 /dev/urandom | od -v`;
    const file = runbook(step('a', 'echo one'), step('b', wait), step('c', 'echo three'));
    const { page } = await app(disk.path, file);
    await begin(page);
    await runUntil(page, 'Step b');
    await enter(page, /^Run\b/);
    await expect(actions(page).getByRole('button', { name: 'Cancel' })).toBeVisible();
    disk.fill();
    writeFileSync(go, '');
    await expect(problem(page)).toContainText(`The disk that holds ${disk.path} is full.`, {
      timeout: 20_000,
    });
    await expect(problem(page)).toContainText('What was recorded before is kept');
    await expect(problem(page)).toContainText('Free some space on that disk');
    await expect(primary(page)).toHaveText(/^Resume/);
    disk.free();
    await problem(page)
      .getByRole('button', { name: /Dismiss/ })
      .click();
    await enter(page, /^Resume/);
    await expect(primary(page)).toHaveText(/^(Resolve|Retry)/, { timeout: 15_000 });
    if ((await primary(page).innerText()).startsWith('Resolve'))
      await resolve(page, 'Run it again');
    await enter(page, /^(Run|Retry)\b/);
    await expect(stepTitle(page)).toHaveText('Step c', { timeout: 30_000 });
    await enter(page, /^Run\b/);
    await expectOutcome(page, 'Succeeded');
    await expectVerified(disk.path, await runId(disk.path));
  });
}

/** Says in the dialog how the unknown step ended. */
async function resolve(page: Page, end: string): Promise<void> {
  await enter(page, /^Resolve/);
  const dialog = page.getByRole('dialog', { name: /^How did/ });
  await dialog.getByRole('radio', { name: end }).check();
  // Without what shows it, nothing is resolved.
  await dialog.getByRole('button', { name: 'Resolve' }).click();
  await expect(dialog).toBeVisible();
  await dialog.getByRole('textbox').fill('Looked at the database itself.');
  await dialog.getByRole('button', { name: 'Resolve' }).click();
  await expect(dialog).toBeHidden();
}

test('a step whose process died while the app was away is unknown, until a person resolves it', async () => {
  const again = join(folder, 'again');
  const code = `echo begun; test -e '${again}' || sleep 60`;
  const first = await app(home(), runbook(step('a', code), step('b', 'echo two')));
  await begin(first.page);
  await enter(first.page, /^Run\b/);
  await expect(first.page.getByText('begun', { exact: true }).first()).toBeVisible();
  const run = await runId(home());
  await crash(first);
  killSession(run);

  const { page } = await app(home());
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  const evidence = page.getByRole('region', { name: 'Evidence' });
  await expect(evidence).toContainText('Nobody can tell how "Step a" ended.');
  await expect(evidence).toContainText('It was not run a second time.');
  await expect(page.getByText('begun', { exact: true }).first()).toBeVisible();
  writeFileSync(again, '');
  await resolve(page, 'Run it again');
  await runUntil(page, 'Step b');
  await enter(page, /^Run\b/);
  await expectOutcome(page, 'Succeeded');
  await expectVerified(home(), run);
  const { out } = await muster(home(), 'report', run, '--format', 'md');
  expect(out).toContain('Looked at the database itself.');
});

/** Ends the app as a crash would. */
async function crash({ app: electron }: Launched): Promise<void> {
  const gone = electron.waitForEvent('close');
  electron.process().kill('SIGKILL');
  await gone;
}

/** Ends what the first step of the run started, as a reboot or the system's out-of-memory killer would. */
function killSession(run: string): void {
  const [pid] = readFileSync(join(home(), 'spool', run, '0001-1', 'process'), 'utf8').split('\n');
  process.kill(-Number(pid), 'SIGKILL');
}

test('a run begun on the command line is followed in the window, and resumed there', async () => {
  const go = join(folder, 'go');
  const wait = `until test -e '${go}'; do sleep 0.1; done; echo waited`;
  const file = runbook(step('a', wait), '### Look\n- [ ] look\n', step('c', 'echo three'));
  const began = start(home(), ['run', file, '--auto', '--json']);
  ends.push(() => void began.child.kill('SIGKILL'));
  await expect.poll(() => existsSync(join(home(), 'spool'))).toBe(true);

  const { page } = await app(home());
  await place(page, 'r', 'Run');
  await expect(primary(page)).toHaveText('Driven elsewhere');
  await expect(primary(page)).toHaveAttribute('aria-disabled', 'true');
  // The window may not take what another process drives.
  writeFileSync(go, '');
  expect((await began.end).code).toBe(3);
  await expect(stepTitle(page)).toHaveText('Look');
  await enter(page, /^Resume/);
  await expect(primary(page)).toHaveText(/^Mark done/);
  await page.keyboard.press('Space');
  await enter(page, /^Mark done/);
  await expectOutcome(page, 'Succeeded');
  await expectVerified(home(), await runId(home()));
});

test('a run begun in the window is refused to the command line while it is open, and resumed there after', async () => {
  const file = runbook(step('a', 'echo one'), step('b', 'echo two'));
  const { page, close } = await app(home(), file);
  await begin(page);
  await runUntil(page, 'Step b');
  const run = await runId(home());
  const refused = await muster(home(), 'resume', run, '--auto');
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toMatch(/is driven by a window on .* \(process \d+\)\.\nThat one goes on/);
  await close();
  const resumed = await muster(home(), 'resume', run, '--auto', '--json');
  expect(resumed.code).toBe(0);
  const last = JSON.parse(resumed.out.trim().split('\n').at(-1) ?? '') as unknown;
  expect(last).toMatchObject({ outcome: 'succeeded', steps: [{ attempts: 1 }, { attempts: 1 }] });
  await expectVerified(home(), run);
});

test('a record that was changed: the window names the first event that does not fit', async () => {
  const file = runbook(step('a', 'echo one'));
  await muster(home(), 'run', file, '--auto');
  const db = new Database(join(home(), 'muster.db'));
  db.exec('DROP TRIGGER events_keep');
  db.exec(`UPDATE events SET body = replace(body, '"exitCode":0', '"exitCode":3') WHERE seq >= 5`);
  db.close();
  const { page } = await app(home());
  await place(page, 'h', 'Record');
  await page
    .getByRole('main')
    .getByRole('button', { name: /A runbook/ })
    .click();
  await page.getByRole('button', { name: 'Verify the ledger' }).click();
  await expect(page.getByRole('main').getByRole('status')).toContainText(
    'Event 5 does not fit. Event 5 was changed: its content does not match its hash.',
  );
});

test('a record that cannot be read says so in its place, and the others stay', async () => {
  const file = runbook(step('a', 'echo one'));
  await muster(home(), 'run', file, '--auto');
  await muster(home(), 'run', file, '--auto');
  const run = await runId(home());
  const db = new Database(join(home(), 'muster.db'));
  db.exec('DROP TRIGGER events_keep');
  db.prepare(`UPDATE events SET body = 'nonsense' WHERE seq = 3 AND run = ?`).run(run);
  db.close();
  const { page } = await app(home());
  await place(page, 'h', 'Record');
  const rows = page.getByRole('main').getByRole('button', { name: /A runbook/ });
  await expect(rows).toHaveCount(2);
  await rows.first().click();
  await expect(problem(page)).toContainText(`The record of run ${run}, event 3 cannot be read.`);
  await expect(problem(page)).toContainText('other runs are not affected');
  await page.getByRole('button', { name: 'Verify the ledger' }).click();
  await expect(page.getByRole('main').getByRole('status')).toContainText('Event 3 cannot be read.');
  await page.keyboard.press('Escape');
  await place(page, 'h', 'Record');
  await rows.last().click();
  await expect(page.getByRole('tab', { name: /Steps/ })).toBeVisible();
});

test('a page that crashes is loaded again, and the run goes on meanwhile', async () => {
  const file = runbook(step('wait', `echo begun; until [ -e "${folder}/go" ]; do sleep 0.1; done`));
  const { app: electron, page } = await app(home(), file);
  await begin(page);
  await enter(page, /^Run/);
  await expect(page.getByText('begun', { exact: true })).toBeVisible();
  // The test driver gives a crashed page up, so what follows is asked through the main process.
  const inPage = (code: string): Promise<string> =>
    electron.evaluate(
      ({ BrowserWindow }, given) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(given) ?? '',
      code,
    );
  const before = await inPage('window.beforeTheCrash = "there"');
  expect(before).toBe('there');
  await electron.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.once('did-finish-load', () => resolve());
        contents?.forcefullyCrashRenderer();
      }),
  );
  await expect
    .poll(() => inPage('String(window.beforeTheCrash) + document.body.innerText'), {
      timeout: 20_000,
    })
    .toMatch(/^undefined.*Library/s);
  writeFileSync(join(folder, 'go'), '');
  const ofRun = async () => {
    const [run] = JSON.parse((await muster(home(), 'runs', '--json')).out) as {
      id: string;
      outcome: string | null;
    }[];
    return run;
  };
  await expect.poll(async () => (await ofRun())?.outcome, { timeout: 20_000 }).toBe('succeeded');
  await expectVerified(home(), (await ofRun())?.id ?? '');
});
