import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import type { Bridge } from '../src/shared/ipc.ts';
import { type Launched, launch } from './launch.ts';

declare const window: Window & typeof globalThis & { muster: Bridge };

/** Targets in the real app: added from what the machine offers, checked, and never the wrong one. */

const TOKEN = 'token-that-the-window-must-not-see';

let launched: Launched;
let page: Page;
let folder: string;

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-targets-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const context = (name: string, user: string) => ({ name, context: { cluster: 'c', user } });
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'u', user: { token: TOKEN } }],
      contexts: [context('admin@Prod_US', 'u'), context('lost', 'nobody')],
    }),
  );
  const aws = join(folder, 'aws-config');
  writeFileSync(aws, '[profile backups]\nregion = eu-west-1\n');
  launched = await launch({ env: { KUBECONFIG: kubeconfig, AWS_CONFIG_FILE: aws } });
  ({ page } = launched);
});

test.afterEach(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

const dialog = (name = 'Targets') => page.getByRole('dialog', { name });
const row = (name: string) => dialog().getByRole('listitem').filter({ hasText: name }).first();
const request = (name: string, payload: unknown): Promise<unknown> =>
  page.evaluate(([n, p]) => window.muster.request(n as string, p), [name, payload]);

async function violations(): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

test('a target is added from a context, and a broken context is shown as such', async () => {
  await page.getByRole('button', { name: 'Targets…' }).click();
  await expect(dialog()).toContainText('There is no target yet.');
  expect(await violations()).toEqual([]);
  await page.keyboard.press('Enter');
  const form = dialog('Add a target');
  const context = form.getByLabel('Kubernetes context');
  await expect(context.getByRole('option')).toHaveText(['None', 'admin@Prod_US', 'lost (broken)']);
  await context.selectOption('lost');
  await expect(form).toContainText('It cannot be used: its user nobody is in no file.');
  await context.selectOption('admin@Prod_US');
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue('prod-us');
  await form.getByRole('radio', { name: /^Critical/ }).check();
  await form.getByRole('radio', { name: 'red' }).check();
  await form.getByRole('radio', { name: 'S3' }).check();
  await form.getByLabel('AWS profile').selectOption('backups');
  await form.getByLabel('Access key from').fill('AKIAEXAMPLE');
  expect(await violations()).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(form).toContainText('not a reference');
  await form.getByLabel('Access key from').fill('');
  await page.keyboard.press('Enter');
  await expect(row('prod-us')).toContainText('red, care: critical');
  await expect(row('prod-us')).toContainText('profile backups');
  await expect(row('prod-us')).toContainText('Nothing is pinned yet.');

  await row('prod-us').getByRole('button', { name: 'Edit… prod-us' }).click();
  const edit = dialog('Edit prod-us');
  await edit.getByRole('radio', { name: 'None' }).check();
  await edit.getByLabel('Kubernetes context').selectOption('lost');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(row('prod-us')).toContainText('The context cannot be used');
  await row('prod-us').getByRole('button', { name: 'Check now: prod-us' }).click();
  await expect(row('prod-us')).toContainText('cluster: no answer.');

  const seen = await page.evaluate(() => document.documentElement.outerHTML);
  const told = JSON.stringify(await request('targets.discover', undefined));
  expect(seen + told).not.toContain(TOKEN);

  await row('prod-us').getByRole('button', { name: 'Remove… prod-us' }).click();
  await row('prod-us').getByRole('button', { name: 'Keep it' }).click();
  await row('prod-us').getByRole('button', { name: 'Remove… prod-us' }).click();
  await row('prod-us').getByRole('button', { name: 'Remove prod-us', exact: true }).click();
  await expect(dialog()).toContainText('There is no target yet.');
});

test('a target has databases, a kubeconfig of its own and a Prometheus, by keyboard', async () => {
  const name = `orders-${'x'.repeat(56)}`;
  await page.getByRole('button', { name: 'Targets…' }).press('Enter');
  await expect(dialog()).toBeVisible();
  await page.keyboard.press('Enter');
  const form = dialog('Add a target');
  await form.getByLabel('Kubeconfig', { exact: true }).fill(join(folder, 'another'));
  await form.getByLabel('Kubernetes context').fill('dr');
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByLabel('Prometheus').fill('http://prometheus.example.org:9090');
  await form.getByRole('button', { name: 'Add a database' }).press('Enter');
  const database = form.getByRole('group', { name: 'Database main' });
  await expect(database.getByLabel('Connection')).toBeFocused();
  await database.getByLabel('Database', { exact: true }).fill('orders');
  await database.getByLabel('Host').fill('db.example.org');
  await database.getByLabel('User', { exact: true }).fill('restore');
  await database.getByLabel('Password from').fill('hunter22');
  await database.getByLabel('TLS').selectOption('verify-full');
  await page.keyboard.press('Enter');
  await expect(database).toContainText('not a reference');
  await expect(database.getByLabel('Password from')).toBeFocused();
  expect(await violations()).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('form.png') });
  await database.getByLabel('Password from').fill('vault:orders-db/password');
  await database.getByLabel('Through').fill('service/orders-db');
  await page.keyboard.press('Enter');
  await expect(form).toBeHidden();
  await expect(row(name)).toContainText('restore@db.example.org:5432/orders through service/');
  await expect(row(name)).toContainText('Prometheus http://prometheus.example.org:9090');
  expect(await violations()).toEqual([]);

  await row(name)
    .getByRole('button', { name: /^Edit…/ })
    .press('Enter');
  const edit = dialog(`Edit ${name}`);
  await expect(edit.getByLabel('Kubernetes context')).toHaveValue('dr');
  await edit.getByRole('group', { name: 'Database main' }).getByLabel('Port').fill('6432');
  await edit.getByRole('button', { name: 'Add a database' }).press('Enter');
  const second = edit.getByRole('group', { name: 'Database', exact: true });
  await second.getByLabel('Connection').fill('main');
  await page.keyboard.press('Enter');
  await expect(edit).toContainText('another one has it');
  await edit
    .getByRole('button', { name: /^Remove the database/ })
    .last()
    .press('Enter');
  await edit.getByLabel('Namespace').press('Enter');
  await expect(edit).toBeHidden();
  await expect(row(name)).toContainText('restore@db.example.org:6432/orders');
  expect(await request('targets.list', undefined)).toMatchObject({
    value: [
      {
        target: {
          kubernetes: { kubeconfig: join(folder, 'another'), context: 'dr' },
          databases: { main: { password: 'vault:orders-db/password', sslmode: 'verify-full' } },
        },
      },
    ],
  });
});

test('a target that is another system than before is told apart, until a person accepts it', async () => {
  const before = join(folder, 'before');
  const after = join(folder, 'after');
  mkdirSync(before);
  mkdirSync(after);
  const target = (path: string) => ({
    name: 'dr-eu',
    colour: 'teal',
    care: 'standard',
    namespace: null,
    kubernetes: null,
    objectStore: { kind: 'folder', path },
    databases: {},
  });
  await request('targets.add', target(before));
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('An action, a step, a runbook, a run').fill('targets');
  await page.keyboard.press('Enter');
  await row('dr-eu').getByRole('button', { name: 'Check now: dr-eu' }).click();
  await expect(row('dr-eu')).toContainText('What answered is pinned from now on.');
  await row('dr-eu').getByRole('button', { name: 'Check now: dr-eu' }).click();
  await expect(row('dr-eu')).toContainText('It is the system it was.');
  await request('targets.change', target(after));
  await row('dr-eu').getByRole('button', { name: 'Check now: dr-eu' }).click();
  const notice = row('dr-eu').getByRole('alert', { name: 'Problem' });
  await expect(notice).toContainText(before);
  await expect(notice).toContainText(after);
  expect(await violations()).toEqual([]);
  await row('dr-eu')
    .getByRole('button', { name: /^It is the right one/ })
    .click();
  await expect(row('dr-eu')).toContainText('accepted in place of');
  await row('dr-eu').getByRole('button', { name: 'Check now: dr-eu' }).click();
  await expect(row('dr-eu')).toContainText('It is the system it was.');
});
