import { describe, expect, it } from 'vitest';
import { target } from '../../core/targets/test/targets.ts';
import { type DatabaseDraft, draftOf, nameFrom, newDatabase, readDraft } from './form.ts';

describe('the form of a target', () => {
  it('gives back what it was made of', () => {
    const before = target({
      kubernetes: { kubeconfig: '/own/kubeconfig', context: 'prod' },
      prometheus: 'http://prometheus.example.org:9090',
    });
    expect(readDraft(draftOf(before))).toEqual({ ok: true, target: before });
  });

  it('takes a new database, and says which part of which one is wrong', () => {
    const draft = draftOf(target());
    const second = { ...newDatabase(draft.databases), name: 'stock', host: 'db', user: 'me' };
    const read = (change: Partial<DatabaseDraft>) =>
      readDraft({ ...draft, databases: [...draft.databases, { ...second, ...change }] });
    const whole = read({ database: 'stock', through: 'service/stock', password: 'env:STOCK' });
    expect(whole.ok && whole.target.databases.stock).toMatchObject({
      host: 'db',
      port: 5432,
      password: 'env:STOCK',
      through: 'service/stock',
    });
    const wrong = (change: Partial<DatabaseDraft>) => {
      const found = read({ database: 'stock', ...change });
      return found.ok ? null : [found.field, found.database === second.id];
    };
    expect(wrong({ port: 'x' })).toEqual(['port', true]);
    expect(wrong({ password: 'hunter22' })).toEqual(['password', true]);
    expect(wrong({ through: 'nowhere' })).toEqual(['through', true]);
    expect(wrong({ name: 'orders' })).toEqual(['name', true]);
    expect(wrong({ name: 'Not A Name' })).toEqual(['name', true]);
  });

  it('reads empty fields as not there, and says which one is wrong', () => {
    const empty = readDraft({ ...draftOf(null), name: 'a' });
    expect(empty.ok && empty.target).toMatchObject({ namespace: null, kubernetes: null });
    const wrong = (change: Partial<ReturnType<typeof draftOf>>) => {
      const read = readDraft({ ...draftOf(target()), ...change });
      return read.ok ? null : read.field;
    };
    expect(wrong({ name: 'Prod US' })).toBe('name');
    expect(wrong({ namespace: 'No_' })).toBe('namespace');
    expect(wrong({ endpoint: 'not an address' })).toBe('endpoint');
    expect(wrong({ profile: '', accessKey: 'hunter22', secretKey: 'env:B' })).toBe('accessKey');
    expect(wrong({ accessKey: 'env:A', secretKey: 'env:B' })).toBe('objectStore');
    expect(wrong({ store: 'folder' })).toBe('path');
  });

  it('proposes a name from a context or a profile', () => {
    expect(nameFrom('arn:aws:eks:us-east-1:123456789012:cluster/Prod_US')).toBe('prod-us');
    expect(nameFrom('admin@dr.eu')).toBe('dr-eu');
    expect(nameFrom('kind-1')).toBe('kind-1');
    expect(nameFrom('---')).toBe('');
  });
});
