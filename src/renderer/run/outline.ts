import type { OutlineEntry } from '../../core/run/events.ts';
import type { StepState } from '../../core/run/state.ts';
import { baseId, containersOf, isUndo, scopeOf } from '../../core/run/step-ids.ts';
import { countSteps } from '../../core/run/summary.ts';
import type { Phase, Runbook } from '../../core/runbook/model.ts';

/** A line of the list of steps. */
export type Row =
  | {
      kind: 'phase';
      key: string;
      title: string;
      depth: number;
      /** How many of its steps may be under way at the same time. */
      parallel: number;
      /** Places of its steps among the run's, without those further down the list. */
      from: number;
      to: number;
      within: readonly string[];
    }
  | {
      kind: 'step';
      key: string;
      index: number;
      depth: number;
      /** A call or a list, which can be folded. */
      group: boolean;
      within: readonly string[];
    };

/**
 * The steps of a run as a tree in lines: phases of the runbook, what is within calls and lists, and
 * last what takes back other steps. Changes only with the layout.
 */
export function outlineRows(layout: readonly OutlineEntry[], runbook: Runbook): Row[] {
  const rows: Row[] = [];
  const parallels = parallelPhases(runbook);
  /** The last phase line of each scope. */
  const open = new Map<string, Extract<Row, { kind: 'phase' }>>();
  for (const [index, { id, phase, does }] of layout.entries()) {
    const undo = isUndo(id);
    const within = undo ? [] : containersOf(id);
    const scope = undo ? '~' : scopeOf(id);
    const inItem = !undo && /\[\d+\]$/.test(id);
    let line = open.get(scope);
    if (!inItem && line?.title !== phase) {
      const parallel = parallels.get(`${baseId(scope)} ${phase}`) ?? 1;
      line = {
        kind: 'phase',
        key: `phase ${index}`,
        title: phase,
        depth: within.length,
        parallel,
        from: index,
        to: index,
        within,
      };
      open.set(scope, line);
      if (phase !== '') rows.push(line);
    }
    if (line !== undefined) line.to = index + 1;
    for (const outer of within) {
      const around = open.get(scopeOf(outer));
      if (around !== undefined) around.to = index + 1;
    }
    const group = does === 'call' || does === 'loop';
    rows.push({ kind: 'step', key: id, index, depth: within.length, group, within });
  }
  return rows;
}

/** Those of the lines whose groups are all open. */
export function shownRows(rows: readonly Row[], isOpen: (group: string) => boolean): Row[] {
  const known = new Map<string, boolean>();
  const open = (group: string): boolean => {
    const before = known.get(group);
    if (before !== undefined) return before;
    known.set(group, isOpen(group));
    return known.get(group) ?? false;
  };
  return rows.filter(({ within }) => within.every(open));
}

/** `2/5` of a phase. */
export function phaseCount(
  steps: readonly StepState[],
  { from, to }: { from: number; to: number },
) {
  const slice = steps.slice(from, to);
  const isUndoPart = slice[0] !== undefined && isUndo(slice[0].id);
  if (!isUndoPart) return countSteps(slice);
  const done = slice.filter(({ status }) => status === 'succeeded' || status === 'skipped');
  return { done: done.length, total: slice.length };
}

/** `2/5` of a call or a list; null while nothing is in it. */
export function groupCount(
  steps: readonly StepState[],
  index: number,
): { done: number; total: number } | null {
  const group = steps[index]?.id ?? '';
  let to = index + 1;
  for (let step = steps[to]; step !== undefined && isWithin(step.id, group); step = steps[to])
    to += 1;
  return to === index + 1 ? null : countSteps(steps.slice(index + 1, to));
}

function isWithin(id: string, group: string): boolean {
  return id.startsWith(`${group}/`) || id.startsWith(`${group}[`);
}

function parallelPhases(runbook: Runbook): Map<string, number> {
  const found = new Map<string, number>();
  const add = (scope: string, phases: readonly Phase[]) => {
    for (const { title, parallel } of phases) {
      if (parallel > 1) found.set(`${scope} ${title}`, parallel);
    }
  };
  add('', runbook.phases);
  for (const [step, { phases }] of Object.entries(runbook.called)) add(step, phases);
  return found;
}
