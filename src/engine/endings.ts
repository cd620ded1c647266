import type { Problem } from '../core/problem.ts';
import type { ActResult, BodyOf } from '../core/run/events.ts';
import { startedNow } from '../core/run/own-time.ts';
import { stepNamed } from '../core/run/places.ts';
import { engineName, firstLook } from '../core/run/retry.ts';
import { specOf } from '../core/run/specs.ts';
import type { RunState, StepState } from '../core/run/state.ts';
import { undoOutline } from '../core/run/undo.ts';
import { valuesOf } from '../core/run/values.ts';
import { evaluate, parseExpression } from '../core/runbook/expression.ts';
import type { Capture, Runbook, Step } from '../core/runbook/model.ts';
import type { Store } from '../store/open.ts';
import { readCaptures } from './captures.ts';
import { captureMissing, waitedInVain } from './failures.ts';
import type { Journal } from './journal.ts';
import { type Kept, readKept } from './output.ts';
import { proofOf } from './proof.ts';
import type { ActContext, Acted } from './steps/kind.ts';
import type { MachineAction } from './steps/registry.ts';
import type { RunValues } from './values.ts';

type Outcome = BodyOf<'step.ended'>['outcome'];

/** How steps, and the run, come to their ends: stages the events, commits nothing. */
export interface Endings {
  /** The last attempt of a step ends. */
  end(
    id: string,
    outcome: Outcome,
    by: string,
    more?: { problem?: Problem | null; answer?: BodyOf<'step.ended'>['answer'] },
  ): void;
  fail(id: string, problem: Problem): void;
  unknown(id: string, problem: Problem): void;
  /** The machine part of an attempt ended. */
  acted(context: ActContext<MachineAction>, end: Acted, kept: Kept): void;
  /** All that belongs to a call or a list has its end. */
  close(id: string, outcome: 'succeeded' | 'failed'): void;
  /** A call or a list that could not begin gets its turn again. */
  startAgain(id: string): void;
  /** The run ends, or what was done is taken back first. */
  abort(reason: string, undo: boolean): void;
  declareAfter(spec: Step, by: string): void;
}

export function createEndings(options: {
  journal: Journal;
  runbook: Runbook;
  store: Store;
  values: RunValues;
  operator: string;
  run: string;
}): Endings {
  const { journal, runbook, store, operator, run } = options;
  const { state, stage } = journal;

  const stepState = (id: string): StepState | null => stepNamed(state(), id)?.step ?? null;

  const end: Endings['end'] = (id, outcome, by, more = {}) => {
    const spec = specOf(runbook, id);
    const step = stepState(id);
    if (!spec || !step) return;
    const isDone = outcome === 'succeeded' && state().mode !== 'rehearsal';
    const captures = step.attempts.at(-1)?.result?.captures ?? {};
    const proof = isDone ? proofOf(spec, state(), captures, id) : null;
    stage({
      kind: 'step.ended',
      step: id,
      attempt: step.attempts.length,
      outcome,
      by,
      answer: more.answer ?? null,
      proves: proof?.proves ?? [],
      recoveryPoint: proof?.recoveryPoint ?? null,
      problem: redactedProblem(more.problem ?? proof?.problem ?? null),
    });
    if (isDone) declareAfter(spec, by);
  };

  const declareAfter = (spec: Step, by: string): void => {
    if (!spec.declares || state().declaredAt !== null) return;
    stage({ kind: 'run.declared', at: new Date(journal.now()).toISOString(), by });
  };

  /** `not-yet` while what a step waits for does not hold and its deadline has not passed. */
  const afterLook = (
    { id, step }: ActContext<MachineAction>,
    result: ActResult,
  ): { outcome: Outcome; problem: Problem | null } => {
    const plain = { outcome: outcomeOf(result), problem: result.problem };
    const { until } = step;
    if (until === null || state().mode === 'rehearsal' || plain.outcome === 'cancelled')
      return plain;
    if (result.outcome === 'succeeded' && holds(state(), id, until.condition, result.captures)) {
      return plain;
    }
    const first = firstLook(stepState(id) ?? { attempts: [] });
    const isLate = first === null || journal.now() - startedNow(first, state()) >= until.deadlineMs;
    if (!isLate) return { outcome: 'not-yet', problem: result.problem };
    const { detail } = result.problem ?? {};
    const problem = waitedInVain(step, until.deadlineMs);
    return { outcome: 'failed', problem: { ...problem, ...(detail ? { detail } : {}) } };
  };

  const resultOf = (
    context: ActContext<MachineAction>,
    acted: Acted,
    { output, evidence }: Kept,
  ): ActResult => {
    const { values, summary, ...rest } = acted;
    const end = {
      ...rest,
      problem: redactedProblem(rest.problem),
      ...(summary === undefined ? {} : { summary: options.values.redact(summary) }),
      ...(evidence.length > 0 ? { evidence } : {}),
    };
    const { captures } = context.action;
    const plain = { ...end, output, captures: {} };
    if (end.outcome !== 'succeeded' || captures.length === 0 || end.rehearsed) return plain;
    const stream =
      context.action.kind === 'shell' && context.action.interactive ? 'terminal' : 'out';
    const of = { run, step: context.id, attempt: context.attempt, stream } as const;
    const text = captures.every(({ from }) => from.how === 'result') ? '' : readKept(store, of);
    const read = readCaptures(captures, text, values);
    if (!read.missing) return { ...plain, captures: redacted(read.values) };
    const { name, why } = read.missing;
    const problem = redactedProblem(captureMissing(context.step, name, why));
    return { ...plain, captures: redacted(read.values), outcome: 'failed', problem };
  };

  // Servers repeat what they were sent, and a value may come from anywhere.
  const redactedProblem = (problem: Problem | null): Problem | null =>
    problem && options.values.redactProblem(problem);

  const proven = (
    spec: Step,
    id: string,
  ): Pick<BodyOf<'step.ended'>, 'proves' | 'recoveryPoint' | 'problem'> => {
    const proof = proofOf(spec, state(), {}, id);
    return { ...proof, problem: redactedProblem(proof.problem) };
  };

  const redacted = (captures: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(captures).map(([name, value]) => [name, options.values.redact(value)]),
    );

  return {
    end,
    declareAfter,
    fail: (id, problem) => end(id, 'failed', engineName, { problem }),
    unknown: (id, problem) => end(id, 'unknown', engineName, { problem }),

    acted(context, acted, kept) {
      const { id, attempt, step } = context;
      const result = resultOf(context, acted, kept);
      stage({ kind: 'step.acted', step: id, attempt, result });
      const { outcome, problem } = afterLook(context, result);
      const isForPerson =
        outcome === 'succeeded' && step.tasks.length > 0 && state().mode !== 'rehearsal';
      // Only a person cancels.
      const by = outcome === 'cancelled' ? operator : engineName;
      if (!isForPerson) end(id, outcome, by, { problem });
    },

    close(id, outcome) {
      const spec = specOf(runbook, id);
      const step = stepState(id);
      if (!spec || !step) return;
      stage({
        kind: 'step.ended',
        step: id,
        attempt: step.attempts.length,
        outcome,
        by: engineName,
        answer: null,
        ...(outcome === 'succeeded' && state().mode !== 'rehearsal'
          ? proven(spec, id)
          : { proves: [], recoveryPoint: null, problem: null }),
        captures: gathered(state(), spec, step),
      });
    },

    startAgain(id) {
      stage({ kind: 'step.reopened', step: id, reason: 'Tried again.', by: operator });
    },

    abort(reason, undo) {
      const outline = undo ? undoOutline(state(), runbook) : [];
      if (outline.length > 0) {
        stage({ kind: 'undo.begun', ends: true, reason, outline, by: operator });
      } else {
        stage({ kind: 'run.ended', outcome: 'aborted', reason, by: operator });
      }
    },
  };
}

function outcomeOf({ outcome }: ActResult): 'succeeded' | 'failed' | 'cancelled' {
  return outcome === 'timed-out' ? 'failed' : outcome;
}

function holds(
  state: RunState,
  id: string,
  condition: string | null,
  captures: Record<string, string>,
): boolean {
  if (condition === null) return true;
  const parsed = parseExpression(condition);
  return parsed.ok && evaluate(parsed.expression, { ...valuesOf(state, id), ...captures });
}

/**
 * What later steps find of a call or a list: of a call what its `capture:` names, of a list a JSON
 * array of what each item's step captured, in the order of the items.
 */
function gathered(state: RunState, spec: Step, step: StepState): Record<string, string> {
  const captures: readonly Capture[] =
    spec.action !== null && 'captures' in spec.action ? spec.action.captures : [];
  if (captures.length === 0) return {};
  if (step.loop === null) return ofCall(state, step.id, captures);
  const items = step.loop.items.map((_, index) => {
    const id = `${step.id}[${index + 1}]`;
    const item = stepNamed(state, id)?.step;
    if (item?.does === 'call') return ofCall(state, id, captures);
    return item?.attempts.at(-1)?.result?.captures ?? {};
  });
  return Object.fromEntries(
    captures.map(({ name }) => [name, JSON.stringify(items.map((item) => item[name] ?? ''))]),
  );
}

function ofCall(state: RunState, id: string, captures: readonly Capture[]): Record<string, string> {
  const inside = state.scopes[id]?.captures ?? {};
  return Object.fromEntries(
    captures.flatMap(({ name, from }) => {
      const value = from.how === 'result' ? inside[from.result] : undefined;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
