import { describe, expect, it } from 'vitest';
import { target } from '../../core/targets/test/targets.ts';
import { draftOf, nameFrom, readDraft } from './form.ts';

describe('the form of a target', () => {
  it('gives back what it was made of, with what it does not show', () => {
    const before = target({ kubernetes: { kubeconfig: '/own/kubeconfig', context: 'prod' } });
    expect(readDraft(draftOf(before), before)).toEqual({ ok: true, target: before });
    const other = readDraft({ ...draftOf(before), context: 'dr' }, before);
    expect(other.ok && other.target.kubernetes).toEqual({ kubeconfig: null, context: 'dr' });
  });

  it('reads empty fields as not there, and says which one is wrong', () => {
    const empty = readDraft({ ...draftOf(null), name: 'a' }, null);
    expect(empty.ok && empty.target).toMatchObject({ namespace: null, kubernetes: null });
    const wrong = (change: Partial<ReturnType<typeof draftOf>>) => {
      const read = readDraft({ ...draftOf(target()), ...change }, null);
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
