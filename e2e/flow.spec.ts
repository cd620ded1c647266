import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { muster } from './command-line.ts';
import { type Launched, launch } from './launch.ts';
import { actions, begin, expectOutcome, primary, startRun, stepTitle } from './screen.ts';

/** The ways a run can go in the real app: side by side, lists, calls, undo, pauses, rehearsals. */

let launched: Launched;
let page: Page;
let folder: string;

const sh = (attributes: string, ...code: string[]) =>
  `\`\`\`sh {timeout=30s ${attributes}}\n${code.join('\n')}\n\`\`\`\n`;

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const steps = () => page.getByRole('navigation', { name: 'Steps' });
/** A step in the list by its title; its name says its state, too. */
const row = (title: string) => steps().getByRole('button', { name: new RegExp(`^${title} , `) });
const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
const part = (name: string) => page.getByRole('region', { name });

async function open(text: string): Promise<void> {
  launched = await launch({ args: [file('orders.md', text)] });
  ({ page } = launched);
}

/** Presses Enter once the button is awake. */
async function press(label: RegExp): Promise<void> {
  await expect(primary(page)).toHaveText(label);
  await expect(primary(page)).toBeEnabled();
  await page.keyboard.press('Enter');
}

async function reason(words: string): Promise<void> {
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
}

async function expectAccessible(): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual(
    [],
  );
}

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-flow-'));
});

test.afterEach(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

test('steps side by side, a list, a call and a step that looks until it holds', async () => {
  file(
    'inner.md',
    `---\nrunbook: 1\n---\n# Restore\n\n## Inside\n\n### Find\n${sh('id=find', 'echo found')}\n### Load\n${sh('id=load', 'echo loaded')}`,
  );
  await open(
    `---\nrunbook: 1\n---\n# Move the orders\n\n## Look {parallel=2}\n\n### East\n${sh('id=east', 'touch east; until [ -e go ]; do sleep 0.1; done')}\n### West\n${sh('id=west', 'until [ -e go ]; do sleep 0.1; done')}\n## Do\n\n### Restart\n${sh('id=restart each="ZONE in [north, south]"', 'echo "$ZONE"')}\n### Database\n\`\`\`runbook {id=database}\nfile: ./inner.md\n\`\`\`\n\n### Caught up\n${sh('id=caught until interval=1s deadline=1m', '[ -e caught ]')}`,
  );
  await begin(page);
  await expect(steps()).toContainText('2 at once');
  await press(/^Run\b/);
  // The other one has its turn meanwhile.
  await expect(row('East')).toHaveAccessibleName(/^East , running/);
  await row('West').click();
  await press(/^Run\b/);
  await expect(row('West')).toHaveAccessibleName(/^West , running/);
  await expect(row('East')).toHaveAccessibleName(/^East , running/);
  await expectAccessible();
  file('go', '');
  await expect(row('Restart: north')).toBeVisible();
  await page.keyboard.press('b');
  await expect(stepTitle(page)).toHaveText('Restart: north');
  await press(/^Run\b/);
  await expect(stepTitle(page)).toHaveText('Restart: south');
  await press(/^Run\b/);
  await expect(stepTitle(page)).toHaveText('Find');
  await page.keyboard.press('.');
  await expect(stepTitle(page)).toHaveText('Caught up');
  await expect(page.getByRole('main')).toContainText(/It looked \d+ times, next in/);
  await expect(page.getByLabel('Attempt')).toBeHidden();

  await steps().getByRole('button', { name: 'Fold Database' }).click();
  await expect(row('Load')).toBeHidden();
  await row('Database').click();
  await expect(page.getByRole('main')).toContainText('It calls the runbook "Restore"');
  await expect(page.getByRole('main')).toContainText('2 of 2 steps are done.');
  await expectAccessible();
  file('caught', '');
  await expectOutcome(page, 'Succeeded');
});

test('a pause, a step left out and given its turn again, and one taken back', async () => {
  await open(
    `---\nrunbook: 1\n---\n# Move the orders\n\n## Move\n\n### Stop\n${sh('id=stop risk=disruptive undo="echo started again"', 'echo stopped')}\n### Warm\n${sh('id=warm', 'echo warm')}\n### Cut\n${sh('id=cut risk=disruptive', 'echo cut')}\n### End\n${sh('id=end', 'echo end')}`,
  );
  await begin(page);
  await press(/^Run\b/);
  await expect(stepTitle(page)).toHaveText('Warm');
  await page.keyboard.press('p');
  await reason('Waiting for the provider.');
  await expect(part('Paused')).toContainText('Waiting for the provider.');
  await expect(primary(page)).toHaveText(/^Resume/);
  await expectAccessible();
  await page.keyboard.press('p');
  await reason('');
  await expect(part('Paused')).toBeHidden();

  await page.keyboard.press('s');
  await reason('Not needed.');
  await expect(stepTitle(page)).toHaveText('Cut');
  await row('Warm').click();
  await expect(page.getByRole('main')).toContainText('Not needed.');
  await actions(page).getByRole('button', { name: 'Give it its turn again…' }).click();
  await reason('Needed after all.');
  await expect(row('Warm')).toHaveAccessibleName(/^Warm , next/);
  await page.keyboard.press('b');
  await press(/^Run\b/);
  await expect(stepTitle(page)).toHaveText('Cut');
  await press(/^Run\b/);
  await expect(stepTitle(page)).toHaveText('End');

  await row('Stop').click();
  await page.keyboard.press('u');
  await expect(dialog('Take back "Stop"')).toContainText('echo started again');
  await reason('The wrong one.');
  await expect(part('Taking back')).toContainText('0 of 1');
  await expect(row('Take back: Stop')).toHaveAccessibleName(/^Take back: Stop , next/);
  await row('Take back: Stop').click();
  await press(/^Run\b/);
  await expect(part('Taking back')).toBeHidden();
  await expect(row('Stop')).toHaveAccessibleName(/^Stop , next/);
  await page.keyboard.press('b');
  await expect(stepTitle(page)).toHaveText('Stop');
  await press(/^Run\b/);
  await expect(stepTitle(page)).toHaveText('End');

  await actions(page).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Abort the run…' }).click();
  const abort = dialog('Abort the run');
  await expect(abort.getByRole('region', { name: 'Cannot be taken back' })).toContainText('Cut');
  await abort.getByLabel('Take back what was done, newest first').check();
  await expect(abort.getByRole('region', { name: 'Would be taken back' })).toContainText('Stop');
  await expectAccessible();
  await abort.getByLabel('Why is it aborted?').fill('Another way was found.');
  await page.keyboard.press('Enter');
  await expect(part('Taking back')).toContainText('Then the run ends.');
  await press(/^Run\b/);
  await expectOutcome(page, 'Aborted');
  await page.keyboard.press('Enter');
  await expect(part('Course of the run')).toContainText('Waiting for the provider.');
  await expect(part('Course of the run')).toContainText('Taken back 1 step');
  await expectAccessible();
  const [run] = JSON.parse((await muster(launched.home, 'runs', '--json')).out);
  const report = (await muster(launched.home, 'report', run.id, '--format', 'md')).out;
  expect(report).toContain('Paused');
  expect((await muster(launched.home, 'verify', run.id)).code).toBe(0);
});

test('what has no key is found by its name: to abort a run, and to verify its record', async () => {
  await open(
    `---\nrunbook: 1\n---\n# Move the orders\n\n## Move\n\n### Stop\n${sh('id=stop', 'exit 1')}`,
  );
  await begin(page);
  await press(/^Run\b/);
  const choose = async (typed: string, name: string) => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type(typed);
    await expect(page.getByRole('option', { name }).first()).toBeVisible();
    await page.keyboard.press('Enter');
  };
  await choose('abort', 'Abort the run');
  await dialog('Abort the run').getByLabel('Why is it aborted?').fill('Not today.');
  await page.keyboard.press('Enter');
  await expectOutcome(page, 'Aborted');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Verify the ledger' })).toBeVisible();
  await choose('verify', 'Verify the ledger');
  await expect(page.getByRole('main')).toContainText(/all \d+ events fit/i);
  // What has no key stands on no sheet of keys.
  await page.keyboard.press('?');
  await expect(dialog('Keys of this screen')).toContainText('Back to all runs');
  await expect(dialog('Keys of this screen')).not.toContainText('Verify');
});

test('a critical target asks for its name, and a rehearsal changes nothing', async () => {
  const store = join(folder, 'store');
  mkdirSync(join(store, 'backups'), { recursive: true });
  writeFileSync(join(store, 'backups', 'orders.dump'), 'rows');
  await open(
    `---\nrunbook: 1\nrequires: {target: [primary]}\n---\n# Drop the orders\n\n## All\n\n### Look\n\`\`\`s3 {id=look timeout=30s}\nlist: s3://backups/\n\`\`\`\n\n### Drop\n${sh('id=drop risk=destructive', 'echo dropped > dropped')}`,
  );
  await expect(startRun(page)).toBeVisible();
  await page.keyboard.press('Enter');
  const panel = dialog('Start a run');
  await expect(panel).toContainText('there is none yet');
  await panel.getByRole('button', { name: 'Add a target…' }).click();
  await expect(dialog('Targets')).toBeVisible();
  await page.keyboard.press('Escape');
  const added = await muster(
    launched.home,
    ...['targets', 'add', 'prod-us', '--care', 'critical', '--folder', store],
  );
  expect(added.err).toBe('');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect(panel.getByLabel('Runs on')).toHaveValue('prod-us');
  await expect(panel).toContainText('Care is critical');
  await panel.getByLabel('Rehearsal').check();
  await expectAccessible();
  await panel.getByRole('button', { name: 'Start' }).click();
  await expect(part('Target')).toContainText('REHEARSAL');
  await expect(part('Target')).toContainText('PROD-US');
  await expectOutcome(page, 'Succeeded');
  await page.keyboard.press('Enter');
  await expect(part('Course of the run')).toContainText('Nothing was changed');
  await expectAccessible();

  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await startRun(page).click();
  await panel.getByLabel('Which steps').selectOption('Chosen steps');
  await panel.getByLabel('Carry on by itself').check();
  await panel.getByLabel('Runs by itself').selectOption('destructive');
  await panel.getByRole('button', { name: 'Start' }).click();
  // However much auto mode may do, it stops before a critical target.
  await expect(stepTitle(page)).toHaveText('Drop');
  await row('Look').click();
  await expect(part('Result')).toContainText('4 B together');
  await part('Result').getByText('objects of s3://backups/').click();
  await expect(part('Result')).toContainText('orders.dump');
  await expectAccessible();
  await page.keyboard.press('b');
  await press(/^Run…/);
  const confirm = page.getByRole('alertdialog', { name: 'Run "Drop"?' });
  await expect(confirm).toContainText('prod-us');
  await page.keyboard.type('prod-eu');
  await page.keyboard.press('Control+Enter');
  await expect(confirm).toContainText('This is not the name of the target.');
  await expectAccessible();
  await confirm.getByLabel('Type prod-us to run it').fill('prod-us');
  await page.keyboard.press('Control+Enter');
  await expectOutcome(page, 'Succeeded');
});

test('a long ledger is read as it is looked at', async () => {
  const home = join(folder, 'home');
  const zones = Array.from({ length: 300 }, (_, index) => `z${index}`).join(', ');
  const path = file(
    'long.md',
    `---\nrunbook: 1\n---\n# Three hundred zones\n\n## All\n\n### Look\n${sh(`id=look each="ZONE in [${zones}]"`, 'true')}`,
  );
  expect((await muster(home, 'run', path, '--auto', '--yes', 'safe')).code).toBe(0);
  launched = await launch({ home });
  ({ page } = launched);
  await page
    .getByRole('navigation', { name: 'Places' })
    .getByRole('button', { name: /Record/ })
    .click();
  await page.getByRole('button', { name: /Three hundred zones/ }).click();
  await page.getByRole('tab', { name: /^Timeline \(90\d\)$/ }).click();
  const lines = page.getByRole('list', { name: 'Timeline' });
  await expect(lines).toContainText('created', { ignoreCase: true });
  const last = lines.getByRole('listitem').filter({ hasText: /^90\d/ }).last();
  await expect(async () => {
    await page.mouse.move(640, 500);
    await page.mouse.wheel(0, 100_000);
    await expect(last).toContainText('Run ended: succeeded', { timeout: 500 });
  }).toPass({ timeout: 20_000 });
});

test('what a critical target would lose is shown before it is confirmed, or why it is not known', async () => {
  const store = join(folder, 'store');
  const away = join(folder, 'away');
  mkdirSync(join(store, 'backups'), { recursive: true });
  const old = new Date(Date.now() - 30 * 24 * 3600 * 1000);
  for (const name of ['march.dump', 'april.dump', 'today.dump']) {
    writeFileSync(join(store, 'backups', name), 'rows');
    if (name !== 'today.dump') utimesSync(join(store, 'backups', name), old, old);
  }
  await open(
    `---\nrunbook: 1\nrequires: {target: true}\n---\n# Tidy up\n\n## All\n\n### Drop the old ones\n\`\`\`s3 {id=tidy timeout=30s risk=destructive}\nprune: s3://backups/\nkeep-days: 14\npermanently: true\n\`\`\`\n`,
  );
  const add = ['targets', 'add', 'prod-us', '--care', 'critical', '--folder', store];
  expect((await muster(launched.home, ...add)).err).toBe('');
  await begin(page);
  renameSync(store, away);
  await page.keyboard.press('Enter');
  const confirm = page.getByRole('alertdialog', { name: 'Run "Drop the old ones"?' });
  const change = confirm.getByRole('region', { name: 'What would change' });
  await expect(change.getByRole('alert', { name: 'Problem' })).toBeVisible();
  await expectAccessible();
  await page.screenshot({ path: test.info().outputPath('not-known.png') });
  renameSync(away, store);
  await change.getByRole('button', { name: 'Ask again' }).click();
  await expect(change).toContainText('2 objects');
  await expect(change).toContainText('march.dump');
  await expect(change).toContainText('april.dump');
  await expectAccessible();
  await page.screenshot({ path: test.info().outputPath('would-change.png') });
  expect(existsSync(join(store, 'backups', 'march.dump'))).toBe(true);
  await confirm.getByLabel('Type prod-us to run it').fill('prod-us');
  await page.keyboard.press('Control+Enter');
  await expectOutcome(page, 'Succeeded');
  expect(existsSync(join(store, 'backups', 'march.dump'))).toBe(false);
  expect(existsSync(join(store, 'backups', 'today.dump'))).toBe(true);
});
