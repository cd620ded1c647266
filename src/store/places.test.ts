import { describe, expect, it } from 'vitest';
import { musterHome } from './home.ts';
import type { Holder } from './leases.ts';
import { folder, problemOf, store } from './test/fixtures.ts';

describe('leases', () => {
  const app: Holder = { pid: 10, startedAt: '100', host: 'a', surface: 'app' };
  const cli: Holder = { pid: 11, startedAt: '200', host: 'a', surface: 'cli' };

  it('go to one process at a time', () => {
    const home = folder();
    const one = store(home);
    const two = store(home);
    expect(one.leases.take('r', app, () => true)).toEqual({ taken: true });
    expect(one.leases.take('r', app, () => true)).toEqual({ taken: true });
    expect(two.leases.take('r', cli, () => true)).toEqual({ taken: false, holder: app });
    expect(two.leases.of('r')).toEqual(app);
    two.leases.release('r', cli);
    expect(two.leases.of('r')).toEqual(app);
    one.leases.release('r', app);
    expect(two.leases.of('r')).toBeNull();
    expect(two.leases.take('r', cli, () => true)).toEqual({ taken: true });
  });

  it('pass on from a process that is gone, and the same pid started later is another', () => {
    const { leases } = store();
    leases.take('r', app, () => true);
    const later = { ...app, startedAt: '999' };
    expect(leases.take('r', later, () => true)).toEqual({ taken: false, holder: app });
    expect(leases.take('r', later, (holder) => holder.startedAt !== '100')).toEqual({
      taken: true,
    });
    expect(leases.of('r')).toEqual(later);
  });
});

describe('folders, recents and settings', () => {
  it('keep pins in the order they were made, and once', () => {
    const { pins } = store();
    pins.add('/b.md');
    pins.add('/a.md');
    pins.add('/b.md');
    expect(pins.list()).toEqual(['/b.md', '/a.md']);
    pins.remove('/b.md');
    pins.remove('/never.md');
    expect(pins.list()).toEqual(['/a.md']);
  });

  it('keep folders in order and once', () => {
    const { folders } = store();
    folders.add('/b');
    folders.add('/a');
    folders.add('/b');
    expect(folders.list().map((f) => f.path)).toEqual(['/b', '/a']);
    folders.remove('/b');
    folders.remove('/none');
    expect(folders.list().map((f) => f.path)).toEqual(['/a']);
  });

  it('keep what was opened last, newest first', () => {
    const { recents } = store();
    for (let i = 0; i < 210; i++) recents.touch(`/${i}`, `Title ${i}`);
    recents.touch('/50', 'Renamed');
    expect(recents.list(2).map((r) => r.title)).toEqual(['Renamed', 'Title 209']);
    expect(recents.list(1_000)).toHaveLength(200);
  });

  it('keep settings', () => {
    const { settings } = store();
    expect(settings.read('view')).toBeNull();
    settings.write('view', '{"theme":"dark"}');
    settings.write('view', '{"theme":"light"}');
    expect(settings.read('view')).toBe('{"theme":"light"}');
  });

  it('say so when the store was closed', () => {
    const opened = store();
    opened.close();
    expect(problemOf(() => opened.settings.read('x')).code).toBe('store-closed');
  });
});

describe('the home folder', () => {
  it.each([
    [{ MUSTER_HOME: '/data/m', HOME: '/h' }, 'linux', '/data/m'],
    [{ HOME: '/h' }, 'linux', '/h/.local/share/muster'],
    [{ HOME: '/h', XDG_DATA_HOME: '/x' }, 'linux', '/x/muster'],
    [{ HOME: '/h', XDG_DATA_HOME: 'relative' }, 'linux', '/h/.local/share/muster'],
    [{ HOME: '/h', XDG_DATA_HOME: '/x' }, 'darwin', '/h/Library/Application Support/Muster'],
    [
      { APPDATA: 'C:\\Users\\a\\AppData\\Roaming' },
      'win32',
      'C:\\Users\\a\\AppData\\Roaming\\Muster',
    ],
    [{ MUSTER_HOME: 'D:\\m' }, 'win32', 'D:\\m'],
  ] as const)('of %j on %s is %s', (env, platform, expected) => {
    expect(musterHome(env, platform)).toBe(expected);
  });
});
