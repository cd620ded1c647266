import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as core from './take-back.ts';

const SECRET = 'correct-horse';
const holdsSecret = (text: string): boolean => text.includes(SECRET);
const takeBack = (before: unknown, left: unknown, now: unknown) =>
  core.takeBack(before, left, now, holdsSecret);
const changedSince = (left: unknown, now: unknown) => core.changedSince(left, now, holdsSecret);
const [HIDDEN, OTHER] = ['••• 00000000000000aa', '••• 00000000000000bb'];

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

describe('what was not kept', () => {
  const url = `postgres://${SECRET}@db`;
  const pod = (image: string, value: string, more: object = {}) => ({
    containers: [container('app', image, { env: [{ name: 'URL', value }], ...more })],
  });

  it('stays as it is where the change left it alone, also in a list without names', () => {
    const [before, left, now] = [pod('1', HIDDEN), pod('2', HIDDEN), pod('2', url)];
    expect(takeBack(before, left, now)).toEqual({ value: pod('1', url), conflicts: [] });
    const more = pod('2', url, { tty: true });
    expect(takeBack(before, left, more).value).toEqual(pod('1', url, { tty: true }));
    const args = takeBack(['a', HIDDEN], ['b', HIDDEN], ['b', url]);
    expect(args).toEqual({ value: ['a', url], conflicts: [] });
    expect(changedSince(left, now)).toEqual([]);
  });

  it('is in what is taken back where the change replaced it, so that it can be refused', () => {
    for (const left of ['plain', OTHER]) {
      const now = left === OTHER ? url : left;
      const taken = takeBack({ a: HIDDEN }, { a: left }, { a: now });
      expect(taken).toEqual({ value: { a: HIDDEN }, conflicts: [] });
    }
  });

  it('is another text where that holds no secret, and is taken away where the change brought it', () => {
    expect(changedSince({ a: HIDDEN }, { a: 'other' })).toMatchObject([{ path: 'a' }]);
    expect(takeBack({}, { a: HIDDEN }, { a: 'other' }).conflicts).toHaveLength(1);
    expect(takeBack({}, { a: HIDDEN }, { a: url })).toEqual({ value: {}, conflicts: [] });
  });
});
