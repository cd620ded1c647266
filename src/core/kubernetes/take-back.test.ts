import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedSince, takeBack } from './take-back.ts';

const container = (name: string, image: string, more: object = {}) => ({ name, image, ...more });

describe('what is taken back', () => {
  it('is what the change touched, and what others did stays', () => {
    const before = { data: { mode: 'open', limit: '5' }, labels: { a: '1' } };
    const left = { data: { mode: 'closed' }, labels: { a: '1' } };
    const now = { data: { mode: 'closed', added: 'x' }, labels: { a: '2' } };
    expect(takeBack(before, left, now)).toEqual({
      value: { data: { mode: 'open', limit: '5', added: 'x' }, labels: { a: '2' } },
      conflicts: [],
    });
  });

  it('is in conflict with a field that somebody changed again, or took away', () => {
    const before = { data: { mode: 'open' } };
    const left = { data: { mode: 'closed' } };
    expect(takeBack(before, left, { data: { mode: 'ajar' } }).conflicts).toEqual([
      { path: 'data.mode', left: 'closed', now: 'ajar' },
    ]);
    expect(takeBack(before, left, { data: {} }).conflicts).toEqual([
      { path: 'data.mode', left: 'closed', now: undefined },
    ]);
  });

  it('tells the items of a list by their names', () => {
    const before = { containers: [container('app', '1'), container('side', '1')] };
    const left = { containers: [container('app', '2'), container('side', '1')] };
    const now = {
      containers: [
        container('new', '9'),
        container('app', '2', { env: [] }),
        container('side', '3'),
      ],
    };
    expect(takeBack(before, left, now)).toEqual({
      value: {
        containers: [
          container('new', '9'),
          container('app', '1', { env: [] }),
          container('side', '3'),
        ],
      },
      conflicts: [],
    });
    const both = { containers: [container('app', '3'), container('side', '1')] };
    expect(takeBack(before, left, both).conflicts).toMatchObject([
      { path: 'containers[app].image' },
    ]);
  });

  it('takes a list without names as a whole', () => {
    const taken = takeBack({ args: ['a'] }, { args: ['b'] }, { args: ['b', 'c'] });
    expect(taken.conflicts).toEqual([{ path: 'args', left: ['b'], now: ['b', 'c'] }]);
  });

  it('is the same the second time', () => {
    const before = { a: 1, list: [{ name: 'x', v: 1 }] };
    const left = { a: 2, list: [{ name: 'x', v: 2 }, { name: 'y' }] };
    const once = takeBack(before, left, left).value;
    expect(once).toEqual(before);
    expect(takeBack(before, left, once)).toEqual({ value: before, conflicts: [] });
  });

  it('is what was there where nobody else did anything, and nothing where the change was none', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(value, value, (before, left) => {
        expect(takeBack(before, left, left)).toEqual({ value: before, conflicts: [] });
        expect(takeBack(before, before, left)).toEqual({ value: left, conflicts: [] });
      }),
      { numRuns: 500 },
    );
  });
});

describe('what changed since', () => {
  it('is what was left and is another one now; what was added is not', () => {
    const left = { spec: { replicas: 3, containers: [container('app', '1')] } };
    const now = { spec: { replicas: 3, nodeName: 'n', containers: [container('app', '1')] } };
    expect(changedSince(left, now)).toEqual([]);
    expect(changedSince(left, { spec: { replicas: 5, containers: [] } })).toMatchObject([
      { path: 'spec.replicas', left: 3, now: 5 },
      { path: 'spec.containers[app]', now: undefined },
    ]);
  });
});
