import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { IdentityPart } from '../core/targets/identity.ts';
import { target } from '../core/targets/test/targets.ts';
import { folder, problemOf, store } from './test/fixtures.ts';

const cluster = (uid: string): IdentityPart => ({ kind: 'cluster', uid });

describe('targets', () => {
  it('are kept by name, and change as a whole', () => {
    const { targets } = store();
    targets.add(target());
    targets.add(target({ name: 'dr-eu', care: 'standard' }));
    expect(targets.list().map((kept) => kept.target.name)).toEqual(['dr-eu', 'prod-us']);
    expect(targets.get('prod-us')).toEqual({ target: target(), pins: [] });
    expect(targets.get('other')).toBeNull();
    targets.change(target({ colour: 'blue' }));
    expect(targets.get('prod-us')?.target.colour).toBe('blue');
    expect(problemOf(() => targets.add(target())).code).toBe('target-exists');
    expect(problemOf(() => targets.change(target({ name: 'gone' }))).code).toBe('target-unknown');
    expect(problemOf(() => targets.remove('gone')).code).toBe('target-unknown');
  });

  it('keep the identity that came first, of whichever process', () => {
    const home = folder();
    const one = store(home).targets;
    const two = store(home).targets;
    one.add(target());
    expect(one.pinFirst('prod-us', cluster('uid-1'), 'ada')).toEqual(cluster('uid-1'));
    expect(two.pinFirst('prod-us', cluster('uid-2'), 'bob')).toEqual(cluster('uid-1'));
    expect(two.get('prod-us')?.pins).toMatchObject([{ part: cluster('uid-1'), pinnedBy: 'ada' }]);
    expect(problemOf(() => one.pinFirst('gone', cluster('x'), 'ada')).code).toBe('target-unknown');
  });

  it('change an identity only when a person accepts it, and keep it through an edit', () => {
    const { targets } = store();
    targets.add(target());
    targets.pinFirst('prod-us', cluster('uid-1'), 'ada');
    targets.change(target({ colour: 'green' }));
    expect(targets.get('prod-us')?.pins[0]?.part).toEqual(cluster('uid-1'));
    targets.accept('prod-us', [cluster('uid-2')], 'bob');
    expect(targets.get('prod-us')?.pins).toMatchObject([
      { part: cluster('uid-2'), pinnedBy: 'bob' },
    ]);
    targets.unpin('prod-us');
    expect(targets.get('prod-us')?.pins).toEqual([]);
  });

  it('go with their pins, and come back without them', () => {
    const { targets } = store();
    targets.add(target());
    targets.pinFirst('prod-us', cluster('uid-1'), 'ada');
    targets.remove('prod-us');
    targets.add(target());
    expect(targets.get('prod-us')?.pins).toEqual([]);
  });

  it('are referred to by no table of the record', () => {
    const home = folder();
    store(home);
    const db = new Database(`${home}/muster.db`);
    const tables = db
      .prepare(
        `SELECT m.name FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
         WHERE f."table" = 'targets'`,
      )
      .pluck()
      .all();
    db.close();
    expect(tables).toEqual(['target_pins']);
  });

  it('say which one cannot be read', () => {
    const home = folder();
    const { targets } = store(home);
    targets.add(target());
    const db = new Database(`${home}/muster.db`);
    db.exec(`UPDATE targets SET body = '{"name":"prod-us"}'`);
    db.close();
    expect(problemOf(() => targets.get('prod-us')).what).toContain('prod-us');
  });
});
