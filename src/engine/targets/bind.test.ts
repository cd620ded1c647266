import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MusterError } from '../../core/problem.ts';
import type { Target } from '../../core/targets/target.ts';
import { target } from '../../core/targets/test/targets.ts';
import { openStore, type Store } from '../../store/open.ts';
import { entryMissing, vaultLocked } from '../credentials/failures.ts';
import { type BinderOptions, createBinder } from './bind.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'muster-bind-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function opened(): Store {
  const store = openStore(folder());
  onTestFinished(() => store.close());
  return store;
}

/** A target that is a folder and nothing else, so that it needs no server. */
function inFolder(name: string, path: string): Target {
  mkdirSync(path, { recursive: true });
  const objectStore = { kind: 'folder', path } as const;
  return target({ name, care: 'standard', kubernetes: null, objectStore, databases: {} });
}

function binder(store: Store) {
  const vault: BinderOptions['vault'] = { read: () => Promise.reject(new Error('no vault')) };
  return createBinder({ store, vault, env: { HOME: folder() }, operator: 'ada' });
}

/** A server that is a cluster as far as its identity goes, and keeps what it was asked. */
async function cluster(
  uid: string | null,
): Promise<{ address: string; asked: string[]; close(): void }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('Content-Type', 'application/json');
    if (uid === null) response.statusCode = 403;
    const answer = uid === null ? {} : { metadata: { name: 'kube-system', uid } };
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, asked, close };
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: 'token-of-the-cluster' } }],
    contexts: [{ name: 'prod', context: { cluster: 'c', user: 'u' } }],
  });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (error instanceof MusterError ? error.problem.code : String(error)),
  );
}

describe('a bound run', () => {
  const roles = { primary: 'prod-us', recovery: 'dr-eu' };

  function world() {
    const store = opened();
    const places = folder();
    store.targets.add(inFolder('prod-us', join(places, 'prod')));
    store.targets.add(inFolder('dr-eu', join(places, 'dr')));
    return { store, places, bind: binder(store) };
  }

  it('has its targets by role, and the first one in its shells', async () => {
    const { store, places, bind } = world();
    const bound = await bind({ run: 'r', roles, before: null });
    expect(bound.snapshots.map(({ role, name }) => [role, name])).toEqual(Object.entries(roles));
    expect(bound.target(null).name).toBe('prod-us');
    expect(bound.target('recovery').name).toBe('dr-eu');
    expect(() => bound.target('third')).toThrow(MusterError);
    expect(bound.environment.KUBECONFIG).toBe(join(store.home, 'targets/r/kubeconfig'));
    expect((await bound.target('recovery').objectStore()).place).toContain(join(places, 'dr'));
    expect(store.targets.get('dr-eu')?.pins).toMatchObject([{ pinnedBy: 'ada' }]);
    expect(await codeOf(bound.target(null).kubernetes())).toBe('target-incomplete');
    expect(await codeOf(bound.target(null).database())).toBe('target-incomplete');
    await bound.close();
    expect(existsSync(join(store.home, 'targets/r'))).toBe(false);
  });

  it('does not begin while the vault that its targets refer to is locked', async () => {
    const { store, places } = world();
    const { databases } = target();
    store.targets.change({ ...inFolder('dr-eu', join(places, 'dr')), databases });
    const withVault = (read: BinderOptions['vault']['read']) =>
      createBinder({ store, vault: { read }, env: { HOME: folder() }, operator: 'ada' });
    const request = { run: 'r', roles, before: null };
    const asked: string[] = [];
    const locked = withVault(async (entry) => {
      asked.push(entry);
      throw vaultLocked();
    });
    expect(await codeOf(locked(request))).toBe('vault-locked');
    expect(asked).toEqual(['orders-db/password']);
    // No run needs all that a target has: whether an entry is there its step says.
    const missing = withVault(async (entry) => {
      throw entryMissing(entry);
    });
    await (await missing(request)).close();
  });

  it('knows the Prometheus of a target that has one', async () => {
    const { store, places, bind } = world();
    const prometheus = 'http://prometheus.example.org:9090';
    store.targets.change({ ...inFolder('dr-eu', join(places, 'dr')), prometheus });
    const bound = await bind({ run: 'r', roles, before: null });
    expect(bound.target('recovery').prometheusUrl).toBe(prometheus);
    expect(bound.target('primary').prometheusUrl).toBeUndefined();
    await bound.close();
  });

  it('stops at a target that is another by now, before anything is sent', async () => {
    const { store, places, bind } = world();
    const bound = await bind({ run: 'r', roles, before: null });
    await bound.target('primary').objectStore();
    store.targets.accept(
      'prod-us',
      [{ kind: 'object-store', endpoint: 'elsewhere', owner: null }],
      'mallory',
    );
    expect(await codeOf(bound.target('primary').objectStore())).toBe('target-mismatch');
    store.targets.change(inFolder('dr-eu', join(places, 'other')));
    const again = bind({ run: 'r', roles, before: bound.snapshots });
    expect(await codeOf(again)).toBe('target-changed');
    await bound.close();
  });

  it('notices a kubeconfig that was swapped between two steps, and sends nothing else', async () => {
    const { store, bind } = world();
    const [right, wrong] = [await cluster('uid-1'), await cluster('uid-2')];
    const file = join(folder(), 'kubeconfig');
    const leadTo = (server: string): void => writeFileSync(file, kubeconfigOf(server));
    leadTo(right.address);
    const kubernetes = { kubeconfig: file, context: 'prod' };
    const changed = target({ kubernetes, objectStore: null, databases: {} });
    store.targets.change(changed);
    const bound = await bind({ run: 'r', roles: { primary: 'prod-us' }, before: null });
    const connection = await bound.target(null).kubernetes();
    expect(connection.server).toBe(right.address);
    expect(await bound.target(null).kubernetes()).toBe(connection);
    leadTo(wrong.address);
    expect(await codeOf(bound.target(null).kubernetes())).toBe('target-mismatch');
    expect(new Set(wrong.asked)).toEqual(new Set(['GET /api/v1/namespaces/kube-system']));
    leadTo(right.address);
    expect((await bound.target(null).kubernetes()).server).toBe(right.address);
    await bound.close();
  });

  it('proves to a shell where its own kubeconfig leads, and tells who is away from a stranger', async () => {
    const { store, bind } = world();
    const [right, wrong, hiding] = [
      await cluster('uid-1'),
      await cluster('uid-2'),
      await cluster(null),
    ];
    const file = join(folder(), 'kubeconfig');
    const kubernetes = { kubeconfig: file, context: 'prod' };
    store.targets.change(target({ kubernetes, objectStore: null, databases: {} }));
    const boundTo = async (server: string, run: string) => {
      writeFileSync(file, kubeconfigOf(server));
      const bound = await bind({ run, roles: { primary: 'prod-us' }, before: null });
      onTestFinished(() => bound.close());
      return bound;
    };
    // Not pinned yet: many accounts may not ask, and a shell needs no pin.
    const before = await (await boundTo(hiding.address, 'r0')).proveShell();
    expect(before.map(({ code }) => code)).toEqual(['kubernetes-forbidden']);
    const bound = await boundTo(right.address, 'r1');
    expect(await bound.proveShell()).toEqual([]);
    expect(store.targets.get('prod-us')?.pins).toMatchObject([{ part: { uid: 'uid-1' } }]);
    // The shell has its file from before.
    writeFileSync(file, kubeconfigOf(wrong.address));
    expect(await bound.proveShell()).toEqual([]);
    const strange = await boundTo(wrong.address, 'r2');
    expect(await codeOf(strange.proveShell())).toBe('target-mismatch');
    const hides = await boundTo(hiding.address, 'r3');
    expect(await codeOf(hides.proveShell())).toBe('kubernetes-forbidden');
    right.close();
    const away = await bound.proveShell();
    expect(away.map(({ code }) => code)).toEqual(['target-silent']);
  });

  it('goes on with what it was bound to, whatever is asked for', async () => {
    const { bind } = world();
    const first = await bind({ run: 'r', roles, before: null });
    const turned = { primary: 'dr-eu', recovery: 'prod-us' };
    const record: unknown = JSON.parse(JSON.stringify(first.snapshots));
    const again = await bind({ run: 'r', roles: turned, before: record as unknown[] });
    expect(again.target('primary').name).toBe('prod-us');
    expect(again.snapshots).toEqual(first.snapshots);
    await again.close();
  });

  it('refuses targets that are not there', async () => {
    const { store, bind } = world();
    const missing = bind({ run: 'r', roles: { primary: 'nowhere' }, before: null });
    expect(await codeOf(missing)).toBe('target-unknown');
    expect(
      existsSync(join(store.home, 'targets')) && readdirSync(join(store.home, 'targets')),
    ).toBe(false);
  });
});
