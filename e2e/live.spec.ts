import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type FaultProxy, openFaultProxy } from '../src/engine/kubernetes/test/fault-proxy.ts';
import type { Bridge, Reply } from '../src/shared/ipc.ts';
import { type Launched, launch } from './launch.ts';
import { kubectl, type Range, rangeServers } from './systems/range.ts';

declare const window: Window & typeof globalThis & { muster: Bridge };

/** The live panel beside a run, on the range's cluster, with a proxy that cuts the network. */

const range = rangeServers();

const RUNBOOK = `---
runbook: 1
title: Look at the orders
requires: {target: true}
---

# Look at the orders

## Look

### Is it all there

Look at the live panel.

### The backups

\`\`\`s3 {id=backups}
list: s3://backups/orders/
\`\`\`
`;

let launched: Launched;
let page: Page;
let folder: string;
let namespace: string;
let proxy: FaultProxy;

test.skip(range === null, 'MUSTER_RANGE is not set');
// Most of it is waiting for what is looked at seldom to notice a network that went or came back.
test.setTimeout(180_000);

test.beforeEach(async () => {
  if (range === null) return;
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-live-'));
  namespace = `muster-live-${randomBytes(3).toString('hex')}`;
  await kubectl(range, ['create', 'namespace', namespace]);
  proxy = await openFaultProxy(range.kubeconfig, folder);
  launched = await launch();
  ({ page } = launched);
});

test.afterEach(async () => {
  if (range === null) return;
  await launched.close();
  proxy.close();
  await kubectl(range, ['delete', 'namespace', namespace, '--wait=false']);
  rmSync(folder, { recursive: true, force: true });
});

async function request<T>(name: string, payload?: unknown): Promise<T> {
  const reply = (await page.evaluate(
    ([n, p]) => window.muster.request(n as string, p),
    [name, payload],
  )) as Reply;
  if (!reply.ok) throw new Error(`${name}: ${reply.problem.what}`);
  return reply.value as T;
}

const apply = (on: Range, name: string, image: string, command: string[]): Promise<string> =>
  kubectl(
    on,
    ['--namespace', namespace, 'apply', '-f', '-'],
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            terminationGracePeriodSeconds: 0,
            containers: [{ name: 'main', image, imagePullPolicy: 'Never', command }],
          },
        },
      },
    }),
  );

async function startRun(on: Range): Promise<void> {
  mkdirSync(join(folder, 'store/backups/orders'), { recursive: true });
  writeFileSync(join(folder, 'store/backups/orders/monday.dump'), 'x'.repeat(2_000));
  await request('targets.add', {
    name: 'orders-lab',
    colour: 'violet',
    care: 'standard',
    namespace,
    kubernetes: { kubeconfig: proxy.kubeconfig, context: on.context },
    objectStore: { kind: 'folder', path: join(folder, 'store') },
    databases: {},
  });
  const path = join(folder, 'orders.md');
  writeFileSync(path, RUNBOOK);
  const { sha256 } = await request<{ sha256: string }>('runbook.open', { path });
  await request('run.start', {
    ...{ path, sha256, mode: 'drill', inputs: {}, auto: false, allow: 'safe', only: null },
    targets: { primary: 'orders-lab' },
  });
  await page.keyboard.press('g');
  await page.keyboard.press('r');
}

const part = (name: string) =>
  page.getByRole('complementary', { name: 'Live' }).getByRole('region', { name });

test('shows pods as they come, fail and go, follows a log, and keeps what it knew when the network goes', async () => {
  if (range === null) return;
  await startRun(range);
  await expect(part('Connection')).toContainText('orders-lab');
  await expect(part('Connection')).toContainText(/answered (just now|\d+ s ago)/, {
    timeout: 20_000,
  });
  await expect(part('Pods')).toContainText(`None in the namespace ${namespace}.`);
  await expect(part('Backups')).toContainText('monday.dump');
  await expect(part('Backups')).toContainText('1 object, 2 kB');

  // The last letter may begin the key of the kubeconfig in one of its forms.
  const said =
    'echo "restored \u001b[31mall\u001b[0m orders"; echo "nothing is lost"; exec sleep 600';
  await apply(range, 'orders', range.image, ['sh', '-c', said]);
  await apply(range, 'broken', 'docker.io/local/absent:1', ['sleep', '600']);
  const pod = (name: string) => part('Pods').getByRole('listitem').filter({ hasText: name });
  await expect(pod('orders-')).toContainText('Running', { timeout: 25_000 });
  await expect(part('Workloads')).toContainText('1 of 1 ready');
  await expect(pod('broken-')).toContainText('ErrImageNeverPull', { timeout: 25_000 });
  await expect(pod('broken-')).toContainText('since');

  await pod('orders-').getByRole('button').focus();
  await page.keyboard.press('Enter');
  const log = page.getByRole('log', { name: /^Lines of orders-/ });
  await expect(log).toContainText('restored all orders', { timeout: 15_000 });
  await expect(log).toContainText('nothing is lost');
  await part('Log of').getByRole('button', { name: 'Find', exact: true }).click();
  await page.keyboard.type('ALL ORD');
  await expect(part('Log of').getByRole('status')).toHaveText('line 1 of 1');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual(
    [],
  );
  await part('Log of').getByRole('button', { name: 'Close the log' }).click();
  await expect(log).toHaveCount(0);

  await kubectl(range, ['--namespace', namespace, 'delete', 'deployment/broken']);
  await expect(pod('broken-')).toHaveCount(0, { timeout: 25_000 });

  proxy.set('refuse');
  await expect(part('Workloads')).toContainText(/as of \d\d:\d\d:\d\d/, { timeout: 15_000 });
  await kubectl(range, ['--namespace', namespace, 'delete', 'deployment/orders']);
  await expect(part('Connection')).toContainText('Reconnecting.', { timeout: 25_000 });
  await expect(part('Connection')).toContainText(/last \d\d:\d\d:\d\d/);
  await expect(pod('orders-')).toContainText('Running');

  proxy.set('pass');
  await expect(pod('orders-')).toHaveCount(0, { timeout: 25_000 });
  await expect(part('Workloads')).not.toContainText('as of', { timeout: 25_000 });
  await expect(part('Connection')).toContainText('answered', { timeout: 20_000 });

  // A shell beside the run is framed as what it is under.
  await page.keyboard.press('Control+`');
  const terminal = page.getByRole('region', { name: 'Terminal' });
  await expect(terminal).toHaveAttribute('data-colour', 'violet');
  await expect(terminal).toContainText('orders-lab');
  await page.keyboard.press('Control+`');

  // What nobody sees is not watched, but for whether the target answers: that stands in the ribbon.
  const ribbon = page.getByRole('region', { name: 'Target' });
  await expect(ribbon).toContainText(/connected \d+ m?s ago/);
  await page.keyboard.press(']');
  await expect
    .poll(() => request('live.read', { logFrom: 0 }))
    .toMatchObject({ workloads: null, objects: null, cluster: { problem: null } });
  proxy.set('refuse');
  await expect(ribbon).toContainText(/not reachable for \d+ s/, { timeout: 40_000 });
  await page.screenshot({ path: test.info().outputPath('not-reachable.png') });
  proxy.set('pass');
  await expect(ribbon).toContainText(/connected \d+ m?s ago/, { timeout: 40_000 });
  await page.keyboard.press(']');
  await expect(part('Connection')).toContainText('answered', { timeout: 20_000 });
});
