import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MusterError } from '../../core/problem.ts';
import type { Target } from '../../core/targets/target.ts';
import { target } from '../../core/targets/test/targets.ts';
import { openStore, type Store } from '../../store/open.ts';
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
