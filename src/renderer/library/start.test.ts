import { describe, expect, it } from 'vitest';
import { phaseOf, runbookOf, stepOf } from '../../core/run/fixture.ts';
import type { KeptTarget } from '../../shared/ipc.ts';
import { firstChoice, onlyOf, targetProblems } from './start.ts';

const runbook = runbookOf([
  phaseOf('One', [stepOf('a'), stepOf('b')]),
  phaseOf('Two', [stepOf('c'), stepOf('back', { undoOnly: true })]),
]);
const kept = (name: string): KeptTarget => ({
  target: {
    name,
    colour: 'red',
    care: 'critical',
    namespace: null,
    kubernetes: null,
    objectStore: null,
    databases: {},
    prometheus: null,
  },
  pins: [],
});

describe('the part of a runbook that a run does', () => {
  it('is all of it, from a step on, or what was chosen, in the order of the runbook', () => {
    expect(onlyOf(runbook, { kind: 'all' })).toBeNull();
    expect(onlyOf(runbook, { kind: 'from', step: 'a' })).toBeNull();
    expect(onlyOf(runbook, { kind: 'from', step: 'b' })).toEqual(['b', 'c']);
    expect(onlyOf(runbook, { kind: 'chosen', steps: ['c', 'a'] })).toEqual(['a', 'c']);
    expect(onlyOf(runbook, { kind: 'chosen', steps: [] })).toEqual([]);
  });
});

describe('targets of a run', () => {
  it('are one for each role, and never the same twice', () => {
    const roles = ['primary', 'recovery'];
    expect(Object.keys(targetProblems(roles, {}))).toEqual(roles);
    expect(Object.keys(targetProblems(roles, { primary: 'a', recovery: 'a' }))).toEqual(roles);
    expect(targetProblems(roles, { primary: 'a', recovery: 'b' })).toEqual({});
  });

  it('are chosen by themselves only where there is no choice', () => {
    expect(firstChoice(['primary'], [kept('a')])).toEqual({ primary: 'a' });
    expect(firstChoice(['primary'], [kept('a'), kept('b')])).toEqual({});
    expect(firstChoice(['primary', 'recovery'], [kept('a')])).toEqual({});
  });
});
