import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { parse } from 'yaml';
import type { Bridge, Reply } from '../src/shared/ipc.ts';
import { muster, start } from './command-line.ts';
import { type Launched, launch } from './launch.ts';
import { primary, stepTitle } from './screen.ts';
import { kubectl, rangeServers } from './systems/range.ts';

declare const window: Window & typeof globalThis & { muster: Bridge };

/**
 * A run in the real app with secrets from every place that a reference can name, printed, used and
 * repeated by servers. Afterwards none of them is in Muster's folder, in what it exports, or in the
 * memory of the page.
 */

const range = rangeServers();

/** With characters that JSON, addresses and shells write in other ways. */
const secret = (name: string): string => `${name}-"${randomBytes(6).toString('hex')}"/é&x`;

const SECRETS = {
  VAULT: secret('of-the-vault'),
  VARIABLE: secret('of-a-variable'),
  FILE: secret('of-a-file'),
  COMMAND: secret('of-a-command'),
  CLUSTER: secret('of-a-cluster'),
};
/** Printed on the screen of a terminal, which is not redacted. The recording is. */
const TYPED = secret('of-a-terminal');
/** No secret: what shows that a search finds what is there. */
const MARK = `no-secret-${randomBytes(6).toString('hex')}`;
const PASSPHRASE = `passphrase ${randomBytes(6).toString('hex')}`;

let server: Server;
let launched: Launched;
let page: Page;
let folder: string;
let home: string;
const namespace = `muster-secrets-${randomBytes(3).toString('hex')}`;

test.beforeAll(async () => {
  // A server that repeats what it was sent, in other forms too, and refuses it.
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { sent } = JSON.parse(Buffer.concat(chunks).toString()) as { sent: string };
    response.statusCode = 500;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        mark: MARK,
        refused: sent,
        base64: Buffer.from(`user:${sent}`).toString('base64'),
        url: encodeURIComponent(sent),
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
test.afterAll(() => server.close());

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-e2e-secrets-'));
  home = join(folder, 'home');
  writeFileSync(join(folder, 'secret'), `${SECRETS.FILE}\n`);
  writeFileSync(join(folder, 'typed'), `${TYPED}\n`);
  writeFileSync(join(folder, 'manager-secret'), `${SECRETS.COMMAND}\n`);
  writeFileSync(join(folder, 'manager'), `#!/bin/sh\ncat '${join(folder, 'manager-secret')}'\n`);
  chmodSync(join(folder, 'manager'), 0o755);
  await vault(`${PASSPHRASE}\n`, 'create');
  await vault(`${SECRETS.VAULT}\n`, 'set', 'orders');
  if (range !== null) {
    await kubectl(range, ['create', 'namespace', namespace]);
    const data = { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'orders', namespace } };
    const object = JSON.stringify({ ...data, stringData: { password: SECRETS.CLUSTER } });
    await kubectl(range, ['apply', '-f', '-'], object);
  }
});

test.afterEach(async () => {
  await launched?.close();
  await muster(home, 'vault', 'lock');
  if (range !== null) await kubectl(range, ['delete', 'namespace', namespace, '--wait=false']);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

async function vault(input: string, ...args: string[]): Promise<void> {
  const { end } = start(home, ['vault', ...args], { input });
  expect(await end).toMatchObject({ code: 0 });
}

async function request<T>(name: string, payload?: unknown): Promise<T> {
  const reply = (await page.evaluate(
    ([n, p]) => window.muster.request(n as string, p),
    [name, payload],
  )) as Reply;
  if (!reply.ok) throw new Error(`${name}: ${reply.problem.what}`);
  return reply.value as T;
}

const fence = (kind: string, id: string, body: string): string =>
  `### Step ${id}\n\`\`\`${kind} {id=${id} timeout=1m}\n${body}\n\`\`\`\n`;

function runbook(): string {
  const { port } = server.address() as AddressInfo;
  const inputs = [
    '  VAULT: {secret: "vault:orders"}',
    '  VARIABLE: {secret: "env:OF_A_VARIABLE"}',
    `  FILE: {secret: "file:${join(folder, 'secret')}"}`,
    `  TYPED: {secret: "file:${join(folder, 'typed')}"}`,
    `  COMMAND: {secret: "command:${join(folder, 'manager')}"}`,
    ...(range === null ? [] : [`  CLUSTER: {secret: "kubernetes:${namespace}/orders/password"}`]),
  ];
  const names = Object.keys(SECRETS).filter((name) => range !== null || name !== 'CLUSTER');
  const printed = names.flatMap((name) => [
    `echo "${MARK} $${name}"`,
    `printf %s "$${name}" | base64`,
    `printf %s "user:$${name}" | base64 -w 20`,
    `echo "$${name}" >&2`,
  ]);
  const asked = names.map((name) =>
    fence(
      'http',
      `http-${name.toLowerCase()}`,
      `url: http://127.0.0.1:${port}/\nmethod: POST\nbody: {sent: "\${${name}}"}\nexpect: {text: never}`,
    ).replace('timeout', 'continue-on-error timeout'),
  );
  const cluster = [
    fence('kubernetes', 'keep', 'secret: kept\ndata: {password: "vault:orders"}'),
    fence('kubernetes', 'read', 'get: secret/kept'),
    fence('kubernetes', 'refused', `get: secret/not-there\nnamespace: "\${VAULT}"`).replace(
      'timeout',
      'continue-on-error timeout',
    ),
    fence('sh', 'config', 'cat "$KUBECONFIG"'),
  ];
  return `---
runbook: 1
${range === null ? '' : 'requires: {target: [primary]}\n'}inputs:
${inputs.join('\n')}
---
# Secrets

## All
${fence('sh', 'print', printed.join('\n'))}
${fence('sh', 'capture', 'echo "$VAULT"').replace('timeout', 'capture=LEAK timeout')}
${asked.join('\n')}
${range === null ? '' : cluster.join('\n')}
${fence('sh', 'typed', `echo "${MARK} $TYPED"; printf '%s' "$VAULT" | cksum; read answer`).replace('timeout', 'interactive timeout')}
`;
}

/** Every way in which it is looked for, made by Node's own encoders. */
function formsOf(value: string): string[] {
  const aligned = ['', 'u', 'us'].map((before) => {
    const text = Buffer.from(before + value).toString('base64');
    // What the characters beside it share is not looked for.
    return text.slice(4, -4);
  });
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value).toString('hex'),
    ...aligned,
    ...aligned.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    // The middle, for what cut it: long enough to be nothing else.
    /[0-9a-f]{12}/.exec(value)?.[0] ?? value,
  ];
}

/** Names of the secrets that are in a text. */
function found(text: string, secrets: Record<string, string>): string[] {
  return Object.entries(secrets).flatMap(([name, value]) =>
    formsOf(value).some((form) => text.includes(form)) ? [name] : [],
  );
}

function filesIn(root: string): { path: string; text: string }[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** All strings in the page's memory. */
async function heapOf(): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  const { strings } = JSON.parse(chunks.join('')) as { strings: string[] };
  return strings.join('\n');
}

test('no secret is left in the folder, in an export or in the memory of the page', async () => {
  launched = await launch({ home, env: { OF_A_VARIABLE: SECRETS.VARIABLE } });
  ({ page } = launched);
  const credentials: Record<string, string> = {};
  if (range !== null) {
    const { users } = parse(readFileSync(range.kubeconfig, 'utf8'));
    const key = Buffer.from(users[0].user['client-key-data'], 'base64').toString();
    credentials.KEY = key.split('\n')[1] ?? '';
    await request('targets.add', {
      ...{ name: 'lab', colour: 'violet', care: 'practice', namespace },
      kubernetes: { kubeconfig: range.kubeconfig, context: range.context },
      ...{ objectStore: null, databases: {} },
    });
  }
  const path = join(folder, 'secrets.md');
  writeFileSync(path, runbook());
  const { sha256 } = await request<{ sha256: string }>('runbook.open', { path });
  const { run } = await request<{ run: string }>('run.start', {
    ...{ path, sha256, mode: 'drill', inputs: {}, auto: true, allow: 'destructive', only: null },
    targets: range === null ? {} : { primary: 'lab' },
  });
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(stepTitle(page)).toHaveText('Step typed', { timeout: 60_000 });
  // What the page may show: every step, looked at; the last one is this one again.
  const steps = page.getByRole('navigation', { name: 'Steps' }).getByRole('button');
  await expect.poll(() => steps.count()).toBeGreaterThan(range === null ? 6 : 8);
  for (let at = 0; at < (await steps.count()); at += 1) await steps.nth(at).click();
  await expect(stepTitle(page)).toHaveText('Step typed');
  await primary(page).click();
  const screen = page.getByRole('region', { name: 'Terminal' }).locator('.xterm-rows');
  await expect(screen).toContainText(MARK);
  await page.getByRole('region', { name: 'Terminal' }).getByRole('textbox').first().focus();
  await page.keyboard.type('done\n');
  await expect
    .poll(async () => {
      const all = await request<{ id: string; outcome: string | null }[]>('run.list');
      return all.find(({ id }) => id === run)?.outcome;
    })
    .toBeTruthy();
  // The place went to the only run there was, and stays with it when it has ended.
  await expect(page.getByRole('main')).toContainText(/Succeeded|Failed/);

  const heap = await heapOf();
  expect(heap).toContain(MARK);
  expect(found(heap, { ...SECRETS, ...credentials, PASSPHRASE })).toEqual([]);

  const everything = { ...SECRETS, ...credentials, TYPED, PASSPHRASE };
  const exported = await muster(home, 'report', run, '--format', 'jsonl');
  const report = await muster(home, 'report', run, '--format', 'html');
  for (const { out } of [exported, report]) {
    expect(out).toContain('•••');
    expect(out).toContain(MARK);
    expect(found(out, everything)).toEqual([]);
  }
  const leaks = (): string[] =>
    filesIn(home).flatMap(({ path: file, text }) =>
      found(text, everything).map((name) => `${name} in ${file.slice(home.length)}`),
    );
  // The app is open: the write-ahead log too.
  expect(filesIn(home).map(({ path: file }) => file)).toContain(join(home, 'muster.db-wal'));
  expect(leaks()).toEqual([]);
  await launched.app.close();
  expect(leaks()).toEqual([]);
});
