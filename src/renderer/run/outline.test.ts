import { describe, expect, it } from 'vitest';
import type { OutlineEntry } from '../../core/run/events.ts';
import { phaseOf, runbookOf, stepOf } from '../../core/run/fixture.ts';
import type { StepState } from '../../core/run/state.ts';
import { groupCount, outlineRows, phaseCount, type Row, shownRows } from './outline.ts';

const entry = (id: string, phase: string, does: OutlineEntry['does'] = 'shell'): OutlineEntry => ({
  id,
  title: id,
  phase,
  does,
  risk: 'safe',
  tasks: 0,
});
const layout = [
  entry('stop', 'First'),
  entry('restore', 'First', 'call'),
  entry('restore/find', 'Inner'),
  entry('restore/load', 'Inner', 'loop'),
  entry('restore/load[1]', 'Inner'),
  entry('restore/load[2]', 'Inner'),
  entry('check', 'Second'),
  entry('~stop', 'Undo'),
];
const runbook = runbookOf(
  [{ ...phaseOf('First', [stepOf('stop')]), parallel: 3 }, phaseOf('Second', [stepOf('check')])],
  {
    called: {
      restore: {
        title: 'R',
        path: '/r.md',
        sha256: '',
        inputs: [],
        phases: [{ ...phaseOf('Inner', []), parallel: 2 }],
      },
    },
  },
);
const rows = outlineRows(layout, runbook);
const words = (row: Row) =>
  `${' '.repeat(row.depth)}${row.kind === 'phase' ? `# ${row.title}` : row.key}`;
const steps = (done: readonly string[]) =>
  layout.map(
    ({ id }) => ({ id, status: done.includes(id) ? 'succeeded' : 'pending' }) as StepState,
  );

describe('the list of steps', () => {
  it('is a tree with the phases of each runbook, and undo in a part of its own', () => {
    expect(rows.map(words)).toEqual([
      '# First',
      'stop',
      'restore',
      ' # Inner',
      ' restore/find',
      ' restore/load',
      '  restore/load[1]',
      '  restore/load[2]',
      '# Second',
      'check',
      '# Undo',
      '~stop',
    ]);
  });

  it('says which phases go side by side', () => {
    const parallel = rows.flatMap((row) =>
      row.kind === 'phase' ? [[row.title, row.parallel]] : [],
    );
    expect(parallel).toEqual([
      ['First', 3],
      ['Inner', 2],
      ['Second', 1],
      ['Undo', 1],
    ]);
  });

  it('hides what is within a folded group', () => {
    expect(shownRows(rows, () => false).map(words)).toEqual([
      '# First',
      'stop',
      'restore',
      '# Second',
      'check',
      '# Undo',
      '~stop',
    ]);
    expect(shownRows(rows, (group) => group === 'restore')).toHaveLength(10);
  });

  it('counts the work of phases and groups', () => {
    const now = steps(['stop', 'restore/find', 'restore/load[1]']);
    const [first] = rows;
    if (first?.kind !== 'phase') throw new Error('no phase');
    expect(phaseCount(now, first)).toEqual({ done: 3, total: 4 });
    expect(groupCount(now, 1)).toEqual({ done: 2, total: 3 });
    expect(groupCount(now, 3)).toEqual({ done: 1, total: 2 });
    expect(groupCount(now, 0)).toBeNull();
    expect(phaseCount(steps(['~stop']), { from: 7, to: 8 })).toEqual({ done: 1, total: 1 });
  });
});
