import type { Action, Phase, Runbook, Step } from '../runbook/model.ts';
import type { Does } from './events.ts';
import { baseId, isUndo, scopeOf } from './step-ids.ts';

/** Who carries a step out; see `Does`. A list is its own kind until it has items. */
export function doesOf(action: Action | null): Exclude<Does, 'loop'> {
  switch (action?.kind) {
    case 'shell':
    case 'ask':
    case 'approve':
    case 'call':
      return action.kind;
    case 'structured':
      return 'action';
    default:
      return 'hand';
  }
}

/** True for what a machine does: it runs, and has an output. */
export function isMachine(does: Does): boolean {
  return does === 'shell' || does === 'action';
}

const known = new WeakMap<Runbook, ReadonlyMap<string, Step>>();

/** All steps by their id, those of called runbooks among them. */
function stepsOf(runbook: Runbook): ReadonlyMap<string, Step> {
  let steps = known.get(runbook);
  if (!steps) {
    steps = new Map(everyStep(runbook).map((step) => [step.id, step]));
    known.set(runbook, steps);
  }
  return steps;
}

/** All steps in document order, those of a called runbook behind the step that calls it. */
export function everyStep(runbook: Runbook): Step[] {
  const within = (phases: readonly Phase[]): Step[] =>
    phases.flatMap((phase) =>
      phase.steps.flatMap((step) => [step, ...within(runbook.called[step.id]?.phases ?? [])]),
    );
  return within(runbook.phases);
}

/**
 * The runbook's side of a step of a run; of one that takes back another, what the runbook says for
 * that. Null when the run belongs to another runbook; such a step never runs by itself.
 */
export function specOf(runbook: Runbook, id: string): Step | null {
  const step = stepsOf(runbook).get(baseId(id)) ?? null;
  return isUndo(id) && step !== null ? undoSpec(runbook, step) : step;
}

function undoSpec(runbook: Runbook, step: Step): Step | null {
  const plain = {
    declares: false,
    proves: [],
    recoveryPoint: null,
    condition: null,
    needs: [],
    until: null,
    each: null,
    undo: null,
    continueOnError: false,
  };
  switch (step.undo?.how) {
    case undefined:
      return null;
    case 'step': {
      const scope = scopeOf(step.id);
      const id = scope === '' ? step.undo.step : `${scope}/${step.undo.step}`;
      const other = stepsOf(runbook).get(id);
      return other ? { ...other, ...plain } : null;
    }
    case 'commands': {
      const { action } = step;
      const language = action?.kind === 'shell' ? action.language : 'sh';
      const place = action ?? { line: step.line, range: step.range, reviewed: true };
      return {
        ...step,
        ...plain,
        title: `Take back: ${step.title}`,
        tasks: [],
        parts: [],
        retries: 0,
        action: {
          kind: 'shell',
          language,
          code: step.undo.code,
          expected: null,
          captures: [],
          interactive: false,
          line: place.line,
          range: place.range,
          reviewed: place.reviewed,
        },
      };
    }
    case 'auto':
      return { ...step, ...plain, title: `Take back: ${step.title}`, tasks: [], parts: [] };
  }
}
