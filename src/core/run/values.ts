import type { Value } from './events.ts';
import { stepNamed } from './places.ts';
import type { RunState } from './state.ts';
import { containersOf, itemNumber, reversedId, scopeOf } from './step-ids.ts';
import { answerVariable } from './variables.ts';

/**
 * Everything that a step may ask for, by name: inputs, captures of succeeded steps, answers under
 * the id of their question, and its own item of each list that it is within. Where names collide,
 * what became known later in a run wins: captures hide inputs, answers hide both, items hide all.
 * The steps of a called runbook see its own values alone.
 */
export function valuesOf(state: RunState, step = ''): Record<string, Value> {
  const scope = scopeOf(step);
  const { inputs, captures } = inScope(state, scope);
  return {
    ...inputs,
    ...captures,
    ...ownCaptures(state, step),
    ...answersIn(state, scope),
    ...itemsOf(state, step),
  };
}

/** The same by the names of variables: an answer under that of its question, `WHICH_WAY`. */
export function variablesOf(state: RunState, step: string): Record<string, Value> {
  const scope = scopeOf(step);
  const { inputs, captures } = inScope(state, scope);
  const answers = Object.entries(answersIn(state, scope)).map(
    ([id, answer]) => [answerVariable(id), answer] as const,
  );
  return {
    ...inputs,
    ...captures,
    ...ownCaptures(state, step),
    ...Object.fromEntries(answers),
    ...itemsOf(state, step),
  };
}

function inScope(
  state: RunState,
  scope: string,
): { inputs: Record<string, Value>; captures: Record<string, string> } {
  if (scope === '') return { inputs: state.created.inputs, captures: state.captures };
  const found = Object.hasOwn(state.scopes, scope) ? state.scopes[scope] : undefined;
  return found ?? { inputs: {}, captures: {} };
}

/** The answers to the questions of one scope, by the id of each within it. */
function answersIn(state: RunState, scope: string): Record<string, Value> {
  const answers: Record<string, Value> = {};
  for (const { id, answer } of state.steps) {
    if (answer === null || scopeOf(id) !== scope) continue;
    answers[scope === '' ? id : id.slice(scope.length + 1)] = answer;
  }
  return answers;
}

/** What takes a step back finds what that very step captured: other items may have more of them. */
function ownCaptures(state: RunState, step: string): Record<string, string> {
  const own = reversedId(step);
  if (own === step && itemNumber(step) === null) return {};
  const done = stepNamed(state, own)?.step.attempts.findLast(
    ({ outcome }) => outcome === 'succeeded',
  );
  return done?.result?.captures ?? {};
}

/** The items of the lists that a step is within, by the names that the lists give them. */
function itemsOf(state: RunState, step: string): Record<string, string> {
  const items: Record<string, string> = {};
  const own = reversedId(step);
  for (const place of [own, ...containersOf(own)].toReversed()) {
    const number = itemNumber(place);
    const list = number === null ? null : stepNamed(state, place.slice(0, place.lastIndexOf('[')));
    const item = number === null ? undefined : list?.step.loop?.items[number - 1];
    if (list?.step.loop && item !== undefined) items[list.step.loop.name] = item;
  }
  return items;
}
