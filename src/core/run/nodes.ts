import type { Phase, Runbook, Step } from '../runbook/model.ts';
import type { PhaseCondition } from './condition.ts';
import { placesOf } from './places.ts';
import { specOf } from './specs.ts';
import type { RunState, StepState } from './state.ts';

/** One place in the course of a run: a step with the runbook's side of it. */
export interface Node {
  id: string;
  spec: Step | null;
  phase: PhaseCondition;
}

export const noPhase: PhaseCondition = { title: '', condition: null };

/*
 * A walk through a run of 10,000 steps happens at each of its turns, so what does not change from
 * turn to turn is made once. Each cache hangs on the very object that it is derived from, and goes
 * with it; what is found is the same with and without.
 */

const inPhases = new WeakMap<Phase, Map<string, readonly Node[]>>();

/** The steps of a phase. `call`: the step whose runbook it is of; empty for the run's own. */
export function nodesOf(phase: Phase, call: string): readonly Node[] {
  let byCall = inPhases.get(phase);
  if (!byCall) {
    byCall = new Map();
    inPhases.set(phase, byCall);
  }
  let nodes = byCall.get(call);
  if (!nodes) {
    nodes = phase.steps
      .filter((step) => !step.undoOnly)
      .map((step): Node => ({ id: placed(step.id, call), spec: step, phase }));
    byCall.set(call, nodes);
  }
  return nodes;
}

/** The id of a step of a called runbook where the call is itself within a list or another call. */
function placed(id: string, call: string): string {
  return call === '' ? id : `${call}/${id.slice(id.lastIndexOf('/') + 1)}`;
}

interface ItemNodes {
  list: string;
  spec: Step | null;
  nodes: readonly Node[];
}

const ofItems = new WeakMap<readonly string[], ItemNodes>();

/** The steps of a list that began, one an item. */
export function itemNodes(
  list: string,
  loop: NonNullable<StepState['loop']>,
  spec: Step | null,
): readonly Node[] {
  const found = ofItems.get(loop.items);
  if (found && found.list === list && found.spec === spec) return found.nodes;
  const nodes = loop.items.map(
    (_, index): Node => ({ id: `${list}[${index + 1}]`, spec, phase: noPhase }),
  );
  ofItems.set(loop.items, { list, spec, nodes });
  return nodes;
}

const ofUndo = new WeakMap<readonly string[], { runbook: Runbook; nodes: readonly Node[] }>();

/** The steps of an undo, in their order. */
export function undoNodes(runbook: Runbook, ids: readonly string[]): readonly Node[] {
  const found = ofUndo.get(ids);
  if (found?.runbook === runbook) return found.nodes;
  const nodes = ids.map((id): Node => ({ id, spec: specOf(runbook, id), phase: noPhase }));
  ofUndo.set(ids, { runbook, nodes });
  return nodes;
}

const indexes = new WeakMap<RunState['layout'], WeakMap<readonly Node[], Int32Array>>();

/** Where the steps of `nodes` stand among the run's; -1 for one that the run does not have. */
export function indexesOf(state: Pick<RunState, 'layout'>, nodes: readonly Node[]): Int32Array {
  let byNodes = indexes.get(state.layout);
  if (!byNodes) {
    byNodes = new WeakMap();
    indexes.set(state.layout, byNodes);
  }
  let found = byNodes.get(nodes);
  if (!found) {
    const places = placesOf(state.layout);
    found = Int32Array.from(nodes, ({ id }) => places.get(id) ?? -1);
    byNodes.set(nodes, found);
  }
  return found;
}
