import type { BodyOf, OutlineEntry, RunEvent } from './events.ts';
import { aheadMs } from './own-time.ts';
import { stepNamed } from './places.ts';
import type { Attempt, RunState, Scope, StepState, StepStatus } from './state.ts';
import { containersOf, isUndo, itemNumber, reversedId, scopeOf } from './step-ids.ts';

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
    steps: body.outline.map(freshStep),
    layout: body.outline,
    auto: false,
    allow: 'safe',
    declaredAt: null,
    proofs: {},
    recoveryPoint: null,
    captures: {},
    scopes: {},
    notes: [],
    attachments: [],
    overran: false,
    paused: null,
    pauses: [],
    undo: null,
    shiftMs: 0,
    declaredShiftMs: 0,
    sleptMs: 0,
    handedOver: null,
    sessions: [],
    ended: null,
    lastSeq: event.seq,
    lastHash: event.hash,
    lastTime: event.time,
    mode: body.mode,
  };
}

function freshStep({ tasks, ...entry }: OutlineEntry): StepState {
  return {
    ...entry,
    status: 'pending',
    attempts: [],
    ticks: new Array<null>(tasks).fill(null),
    answer: null,
    skipped: null,
    loop: null,
    approval: null,
    undone: null,
  };
}

function apply(draft: Draft, event: RunEvent): void {
  const { state } = draft;
  const { body, time } = event;
  const isAfterword = body.kind === 'note.added' || body.kind === 'attachment.added';
  if (state.ended !== null && !isAfterword) return;
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
      if (state.declaredAt !== null) return;
      state.declaredAt = body.at;
      state.declaredShiftMs = state.shiftMs;
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
    case 'attachment.added':
      state.attachments = own(draft, state.attachments);
      state.attachments.push({ step: body.step, ...body.attachment, by: body.by, at: time });
      return;
    case 'step.expanded':
      expanded(draft, body, time);
      return;
    case 'step.approved':
      approved(draft, body, time);
      return;
    case 'step.reopened':
      reopened(draft, body);
      return;
    case 'undo.begun':
      undoBegun(draft, body, time);
      return;
    case 'run.paused':
      state.paused = { at: time, by: body.by, cause: body.cause, reason: body.reason };
      state.pauses = own(draft, state.pauses);
      state.pauses.push({ from: time, to: null, reason: body.reason, by: body.by });
      if (body.cause === 'timeout') state.overran = true;
      return;
    case 'run.resumed':
      state.paused = null;
      pauseEnded(draft, time);
      return;
    case 'clock.jumped':
      state.shiftMs += body.ms;
      return;
    case 'machine.slept':
      state.sleptMs += body.ms;
      return;
    case 'run.handed-over':
      state.handedOver = { at: time, to: body.to, by: body.by, reason: body.reason };
      return;
    case 'run.taken-over':
      state.handedOver = null;
      return;
    case 'run.ended':
      pauseEnded(draft, time);
      state.ended = {
        at: time,
        outcome: body.outcome,
        reason: body.reason,
        by: body.by,
        remains: body.remains ?? [],
      };
  }
}

function started(draft: Draft, body: BodyOf<'step.started'>, time: string): void {
  const found = stepNamed(draft.state, body.step);
  if (found === null || body.attempt !== found.step.attempts.length + 1) return;
  if (!['pending', 'failed', 'cancelled'].includes(found.step.status)) return;
  const step = ownStep(draft, found.index, found.step);
  step.attempts = own(draft, step.attempts);
  step.attempts.push(openedAttempt(draft.state, body.attempt, time, body.by));
  const isForPerson = step.does === 'ask' || step.does === 'approve' || step.does === 'hand';
  step.status = isForPerson ? 'waiting' : 'running';
  if (body.inputs !== undefined) {
    draft.state.scopes = {
      ...draft.state.scopes,
      [body.step]: { inputs: body.inputs, captures: {} },
    };
  }
  step.undone = null;
  // What was ticked was ticked of the attempt before; this one has to earn its own.
  if (body.attempt > 1) step.ticks = step.ticks.map(() => null);
}

function openedAttempt(state: RunState, number: number, startedAt: string, by: string): Attempt {
  return {
    number,
    startedAt,
    by,
    endedAt: null,
    startedAheadMs: aheadMs(state),
    endedAheadMs: 0,
    endedBy: null,
    result: null,
    outcome: null,
    problem: null,
    resolved: null,
  };
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
  attempt.endedAheadMs = aheadMs(draft.state);
  attempt.endedBy = body.by;
  attempt.outcome = body.outcome;
  attempt.problem = body.problem;
  step.status = statusAfter(body.outcome);
  if (body.outcome !== 'succeeded') return;
  step.answer = body.answer;
  succeeded(draft, attempt, body, time);
}

function statusAfter(outcome: BodyOf<'step.ended'>['outcome']): StepStatus {
  switch (outcome) {
    case 'not-started':
    case 'interrupted':
    case 'not-yet':
      return 'pending';
    default:
      return outcome;
  }
}

/** The step of a list gives way to one step an item. */
function expanded(draft: Draft, body: BodyOf<'step.expanded'>, time: string): void {
  const found = stepNamed(draft.state, body.step);
  if (found === null || found.step.status !== 'pending') return;
  if (body.attempt !== found.step.attempts.length + 1) return;
  const step = ownStep(draft, found.index, found.step);
  step.attempts = own(draft, step.attempts);
  step.attempts.push(openedAttempt(draft.state, body.attempt, time, body.by));
  step.status = 'running';
  step.loop = { name: body.name, items: body.items };
  insert(draft, found.index + 1, body.outline);
}

/** Steps that the run did not have so far; one with an id that it has changes nothing. */
function insert(draft: Draft, at: number, outline: readonly OutlineEntry[]): void {
  const { state } = draft;
  const fresh = outline.filter(({ id }) => stepNamed(state, id) === null);
  if (fresh.length === 0) return;
  state.layout = state.layout.toSpliced(at, 0, ...fresh);
  state.steps = own(draft, state.steps);
  state.steps.splice(at, 0, ...fresh.map(freshStep));
}

function approved(draft: Draft, body: BodyOf<'step.approved'>, time: string): void {
  const found = stepNamed(draft.state, body.step);
  if (found === null || found.step.status !== 'waiting' || found.step.does !== 'approve') return;
  if (body.attempt !== found.step.attempts.length) return;
  const step = ownStep(draft, found.index, found.step);
  step.approval = { approver: body.approver, method: body.method, at: time };
}

/** What it was part of has not ended any more either. */
function reopened(draft: Draft, body: BodyOf<'step.reopened'>): void {
  const found = stepNamed(draft.state, body.step);
  if (found === null || isUndo(body.step)) return;
  if (!['succeeded', 'skipped', 'failed', 'cancelled'].includes(found.step.status)) return;
  // A call or a list has no turn of its own: its steps have.
  if (found.step.does === 'call' || found.step.does === 'loop') {
    const last = found.step.attempts.at(-1);
    const neverBegan = last === undefined || last.problem !== null;
    if (!neverBegan || found.step.status === 'succeeded') return;
  }
  const step = ownStep(draft, found.index, found.step);
  step.status = 'pending';
  step.skipped = null;
  step.answer = null;
  step.approval = null;
  step.undone = null;
  step.ticks = step.ticks.map(() => null);
  for (const id of containersOf(body.step)) {
    const around = stepNamed(draft.state, id);
    const last = around?.step.attempts.at(-1);
    if (!around || !last || !['succeeded', 'failed'].includes(around.step.status)) continue;
    const container = ownStep(draft, around.index, around.step);
    const attempt = ownLastAttempt(draft, container, last);
    attempt.endedAt = null;
    attempt.endedBy = null;
    attempt.outcome = null;
    container.status = 'running';
  }
}

function undoBegun(draft: Draft, body: BodyOf<'undo.begun'>, time: string): void {
  const { state } = draft;
  const outline = body.outline.filter(({ id }) => isUndo(id));
  // Each undo is a step anew, also the second one of the same step.
  for (const { id } of outline) {
    const found = stepNamed(state, id);
    if (found) ownStep(draft, found.index, found.step).status = 'pending';
  }
  insert(draft, state.steps.length, outline);
  state.undo = {
    at: time,
    by: body.by,
    reason: body.reason,
    ends: body.ends,
    steps: outline.map(({ id }) => id),
  };
  state.paused = null;
  pauseEnded(draft, time);
}

function pauseEnded(draft: Draft, time: string): void {
  const { state } = draft;
  const last = state.pauses.at(-1);
  if (!last || last.to !== null) return;
  state.pauses = own(draft, state.pauses);
  state.pauses[state.pauses.length - 1] = { ...last, to: time };
}

/** The step that was taken back is as if it had not been done; its attempts stay on record. */
function undone(draft: Draft, id: string, by: string, time: string): void {
  const { state } = draft;
  const found = stepNamed(state, reversedId(id));
  if (found === null || found.step.status !== 'succeeded') return;
  const step = ownStep(draft, found.index, found.step);
  step.undone = { at: time, by };
  if (state.undo?.ends === false) step.status = 'pending';
  const gone = Object.entries(state.proofs).filter(([, proof]) => proof.step === step.id);
  if (gone.length > 0) {
    const names = gone.map(([name]) => name);
    state.proofs = Object.fromEntries(
      Object.entries(state.proofs).filter(([name]) => !names.includes(name)),
    );
  }
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
    attempt.endedAheadMs = aheadMs(draft.state);
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
  body: {
    step: string;
    proves: string[];
    recoveryPoint: string | null;
    captures?: Record<string, string> | undefined;
  },
  time: string,
): void {
  const { state } = draft;
  if (isUndo(body.step)) {
    undone(draft, body.step, attempt.endedBy ?? attempt.by, time);
    return;
  }
  // What one item's step captured is gathered when the list ends.
  if (itemNumber(body.step) === null) {
    keep(draft, scopeOf(body.step), { ...attempt.result?.captures, ...body.captures });
  }
  for (const component of body.proves) {
    const earlier = Object.hasOwn(state.proofs, component) ? state.proofs[component] : undefined;
    // A proof from before the declaration says nothing of the recovery: a later one replaces it.
    const counts =
      earlier &&
      (state.declaredAt === null ||
        Date.parse(earlier.at) - earlier.shiftMs >=
          Date.parse(state.declaredAt) - state.declaredShiftMs);
    if (counts) continue;
    const proof = { at: time, step: body.step, shiftMs: state.shiftMs };
    state.proofs = { ...state.proofs, [component]: proof };
  }
  if (body.recoveryPoint !== null) {
    state.recoveryPoint = { at: body.recoveryPoint, step: body.step };
  }
}

function keep(draft: Draft, scope: string, captures: Record<string, string>): void {
  if (Object.keys(captures).length === 0) return;
  const { state } = draft;
  if (scope === '') {
    state.captures = { ...state.captures, ...captures };
    return;
  }
  const before: Scope = state.scopes[scope] ?? { inputs: {}, captures: {} };
  const after = { ...before, captures: { ...before.captures, ...captures } };
  state.scopes = { ...state.scopes, [scope]: after };
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
