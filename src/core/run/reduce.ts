import type { BodyOf, RunEvent } from './events.ts';
import type { Attempt, RunState, StepState, StepStatus } from './state.ts';

/**
 * The only way to know a run's state. Both functions are pure and total: an event that does not fit
 * (an unknown step, an attempt that is not open, anything but a note after the end) only moves
 * `lastSeq`, `lastHash` and `lastTime`. An event that was folded already (its `seq` is not beyond
 * `lastSeq`) or that belongs to another run changes nothing at all, so overlapping deliveries are
 * harmless. Untouched parts of the state are shared between the old and the new one.
 */

/** The state after one more event. Null only before `run.created`. */
export function reduce(state: RunState, event: RunEvent): RunState;
export function reduce(state: RunState | null, event: RunEvent): RunState | null;
export function reduce(state: RunState | null, event: RunEvent): RunState | null {
  return fold([event], state);
}

/**
 * The state after many events, from nothing or from an earlier state. Copies each touched part
 * once, so that a long ledger folds in time linear in its length.
 */
export function fold(events: Iterable<RunEvent>, from: RunState | null = null): RunState | null {
  let state = from;
  let draft: Draft | null = null;
  for (const event of events) {
    if (state === null) {
      state = created(event);
      continue;
    }
    if (event.run !== state.id || event.seq <= state.lastSeq) continue;
    draft ??= draftOf(state);
    state = draft.state;
    apply(draft, event);
    state.lastSeq = event.seq;
    state.lastHash = event.hash;
    state.lastTime = event.time;
  }
  return state;
}

/** A state under construction, with the parts of it that no earlier state shares. */
interface Draft {
  state: RunState;
  owned: Set<object>;
}

function draftOf(state: RunState): Draft {
  return { state: { ...state }, owned: new Set() };
}

/** `value` itself when the draft made it, else a shallow copy that the draft may change. */
function own<T extends object>(draft: Draft, value: T): T {
  if (draft.owned.has(value)) return value;
  const copy = (Array.isArray(value) ? value.slice() : { ...value }) as T;
  draft.owned.add(copy);
  return copy;
}

function created(event: RunEvent): RunState | null {
  const body = event.body;
  if (body.kind !== 'run.created') return null;
  return {
    id: event.run,
    created: body,
    createdAt: event.time,
    steps: body.outline.map(({ tasks, ...step }) => ({
      ...step,
      status: 'pending',
      attempts: [],
      ticks: new Array<null>(tasks).fill(null),
      answer: null,
      skipped: null,
    })),
    auto: false,
    allow: 'safe',
    declaredAt: null,
    proofs: {},
    recoveryPoint: null,
    captures: {},
    notes: [],
    sessions: [],
    ended: null,
    lastSeq: event.seq,
    lastHash: event.hash,
    lastTime: event.time,
    mode: body.mode,
  };
}

function apply(draft: Draft, event: RunEvent): void {
  const { state } = draft;
  const { body, time } = event;
  if (state.ended !== null && body.kind !== 'note.added') return;
  switch (body.kind) {
    case 'run.created':
      return;
    case 'run.driven':
      state.sessions = own(draft, state.sessions);
      state.sessions.push({ at: time, by: body.by, surface: body.surface });
      return;
    case 'run.paced':
      state.auto = body.auto;
      state.allow = body.allow;
      return;
    case 'run.declared':
      state.declaredAt ??= body.at;
      return;
    case 'step.started':
      started(draft, body, time);
      return;
    case 'step.acted':
      acted(draft, body);
      return;
    case 'step.ended':
      ended(draft, body, time);
      return;
    case 'step.resolved':
      resolved(draft, body, time);
      return;
    case 'step.skipped':
      skipped(draft, body, time);
      return;
    case 'task.ticked':
      ticked(draft, body, time);
      return;
    case 'note.added':
      state.notes = own(draft, state.notes);
      state.notes.push({ step: body.step, text: body.text, by: body.by, at: time });
      return;
    case 'run.ended':
      state.ended = { at: time, outcome: body.outcome, reason: body.reason, by: body.by };
  }
}

function started(draft: Draft, body: BodyOf<'step.started'>, time: string): void {
  const found = stepNamed(draft.state, body.step);
  if (found === null || body.attempt !== found.step.attempts.length + 1) return;
  if (!['pending', 'failed', 'cancelled'].includes(found.step.status)) return;
  const step = ownStep(draft, found.index, found.step);
  step.attempts = own(draft, step.attempts);
  step.attempts.push({
    number: body.attempt,
    startedAt: time,
    by: body.by,
    endedAt: null,
    endedBy: null,
    result: null,
    outcome: null,
    problem: null,
    resolved: null,
  });
  step.status = step.does === 'shell' ? 'running' : 'waiting';
  // What was ticked was ticked of the attempt before; this one has to earn its own.
  if (body.attempt > 1) step.ticks = step.ticks.map(() => null);
}

function acted(draft: Draft, body: BodyOf<'step.acted'>): void {
  const found = stepNamed(draft.state, body.step);
  const open = found && openAttempt(found.step, body.attempt);
  if (!open || found.step.status !== 'running' || open.result !== null) return;
  const step = ownStep(draft, found.index, found.step);
  ownLastAttempt(draft, step, open).result = body.result;
  if (body.result.outcome === 'succeeded' && step.ticks.length > 0) step.status = 'waiting';
}

function ended(draft: Draft, body: BodyOf<'step.ended'>, time: string): void {
  const found = stepNamed(draft.state, body.step);
  const open = found && openAttempt(found.step, body.attempt);
  if (!open) return;
  const step = ownStep(draft, found.index, found.step);
  const attempt = ownLastAttempt(draft, step, open);
  attempt.endedAt = time;
  attempt.endedBy = body.by;
  attempt.outcome = body.outcome;
  attempt.problem = body.problem;
  step.status = body.outcome === 'not-started' ? 'pending' : body.outcome;
  if (body.outcome !== 'succeeded') return;
  step.answer = body.answer;
  succeeded(draft, attempt, body, time);
}

function resolved(draft: Draft, body: BodyOf<'step.resolved'>, time: string): void {
  const found = stepNamed(draft.state, body.step);
  const last = found?.step.attempts.at(-1);
  if (!found || !last || last.number !== body.attempt || found.step.status !== 'unknown') return;
  const step = ownStep(draft, found.index, found.step);
  const attempt = ownLastAttempt(draft, step, last);
  attempt.resolved = { as: body.as, reason: body.reason, by: body.by, at: time };
  step.status = body.as === 'retry' ? 'pending' : body.as;
  if (body.as === 'succeeded') succeeded(draft, attempt, body, time);
}

function skipped(draft: Draft, body: BodyOf<'step.skipped'>, time: string): void {
  const found = stepNamed(draft.state, body.step);
  if (found === null) return;
  const skippable: StepStatus[] = ['pending', 'waiting', 'failed', 'cancelled'];
  if (!skippable.includes(found.step.status)) return;
  const step = ownStep(draft, found.index, found.step);
  const last = step.attempts.at(-1);
  if (last && last.endedAt === null) {
    const attempt = ownLastAttempt(draft, step, last);
    attempt.endedAt = time;
    attempt.endedBy = body.by;
  }
  step.status = 'skipped';
  step.skipped = { cause: body.cause, reason: body.reason, by: body.by, at: time };
}

function ticked(draft: Draft, body: BodyOf<'task.ticked'>, time: string): void {
  const found = stepNamed(draft.state, body.step);
  if (found === null || found.step.status !== 'waiting') return;
  if (!(body.task in found.step.ticks)) return;
  const step = ownStep(draft, found.index, found.step);
  step.ticks = own(draft, step.ticks);
  step.ticks[body.task] = body.done ? { by: body.by, at: time } : null;
}

/** What a success leaves behind for the rest of the run: captures, proofs, a recovery point. */
function succeeded(
  draft: Draft,
  attempt: Attempt,
  body: { step: string; proves: string[]; recoveryPoint: string | null },
  time: string,
): void {
  const { state } = draft;
  if (attempt.result !== null) state.captures = { ...state.captures, ...attempt.result.captures };
  for (const component of body.proves) {
    const earlier = Object.hasOwn(state.proofs, component) ? state.proofs[component] : undefined;
    // A proof from before the declaration says nothing of the recovery: a later one replaces it.
    const counts = earlier && (state.declaredAt === null || earlier.at >= state.declaredAt);
    if (!counts) state.proofs = { ...state.proofs, [component]: { at: time, step: body.step } };
  }
  if (body.recoveryPoint !== null) {
    state.recoveryPoint = { at: body.recoveryPoint, step: body.step };
  }
}

/** Places of the steps by id. `created` is one object for the whole run, so it carries the index. */
const places = new WeakMap<RunState['created'], Map<string, number>>();

/** The step with this id and its place in document order, or null. */
export function stepNamed(state: RunState, id: string): { index: number; step: StepState } | null {
  let byId = places.get(state.created);
  if (!byId) {
    byId = new Map();
    for (const [index, step] of state.steps.entries()) {
      if (!byId.has(step.id)) byId.set(step.id, index);
    }
    places.set(state.created, byId);
  }
  const index = byId.get(id);
  const step = index === undefined ? undefined : state.steps[index];
  return index === undefined || step === undefined ? null : { index, step };
}

/** The last attempt, when it is the one with this number and nobody ended it yet. */
function openAttempt(step: StepState, number: number): Attempt | null {
  const last = step.attempts.at(-1);
  return last && last.number === number && last.endedAt === null ? last : null;
}

function ownStep(draft: Draft, index: number, step: StepState): StepState {
  draft.state.steps = own(draft, draft.state.steps);
  const copy = own(draft, step);
  draft.state.steps[index] = copy;
  return copy;
}

/** `step` must be owned already, and `attempt` be its last. */
function ownLastAttempt(draft: Draft, step: StepState, attempt: Attempt): Attempt {
  step.attempts = own(draft, step.attempts);
  const copy = own(draft, attempt);
  step.attempts[step.attempts.length - 1] = copy;
  return copy;
}
