import type { Problem } from '../problem.ts';
import type { Risk } from '../runbook/model.ts';
import type { ActResult, BodyOf, Does, OutlineEntry, RunMode, Value } from './events.ts';

/**
 * `pending`: not begun. `running`: its action is under way. `waiting`: begun, and a person must
 * tick, answer or confirm. `unknown`: its end cannot be proven; a person must resolve it.
 */
export type StepStatus =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'cancelled'
  | 'unknown';

/** One try of a step. Attempts are kept, none is overwritten. */
export interface Attempt {
  number: number;
  startedAt: string;
  by: string;
  endedAt: string | null;
  /** How far the wall clock was ahead of the run's own time at its start and end, in ms; see `aheadMs`. */
  startedAheadMs: number;
  endedAheadMs: number;
  endedBy: string | null;
  result: ActResult | null;
  outcome: BodyOf<'step.ended'>['outcome'] | null;
  problem: Problem | null;
  /** A person's word where the end was unknown. */
  resolved: { as: 'succeeded' | 'failed' | 'retry'; reason: string; by: string; at: string } | null;
}

export interface StepState {
  id: string;
  title: string;
  phase: string;
  does: Does;
  risk: Risk;
  status: StepStatus;
  attempts: Attempt[];
  /** One entry a task item; who ticked it last and when, or null. */
  ticks: ({ by: string; at: string } | null)[];
  answer: Value | null;
  skipped: {
    cause: BodyOf<'step.skipped'>['cause'];
    reason: string;
    by: string;
    at: string;
  } | null;
  /** Of a list: its items and the name under which each step finds its own. */
  loop: { name: string; items: readonly string[] } | null;
  approval: { approver: string; method: 'pin' | 'file'; at: string } | null;
  /** When what it did was taken back, and by whom. */
  undone: { at: string; by: string } | null;
}

/** What the steps of a called runbook, or of one item of a list, find beside their own. */
export interface Scope {
  inputs: Record<string, Value>;
  captures: Record<string, string>;
}

export interface Attachment {
  step: string | null;
  name: string;
  mediaType: string;
  bytes: number;
  sha256: string;
  by: string;
  at: string;
}

export interface Note {
  step: string | null;
  text: string;
  by: string;
  at: string;
}

/** A stretch in which nothing new began. It is part of the times that are measured. */
export interface Pause {
  from: string;
  /** Null while it lasts. */
  to: string | null;
  reason: string;
  by: string;
}

/** All that is known of a run: the fold of its events. */
export interface RunState {
  id: string;
  created: BodyOf<'run.created'>;
  createdAt: string;
  /** In document order; the steps of a list follow it once it began, those of an undo come last. */
  steps: StepState[];
  /** The steps' ids and what does not change of them; another array whenever steps are added. */
  layout: readonly OutlineEntry[];
  auto: boolean;
  /** The highest risk that auto mode carries out by itself. */
  allow: Risk;
  declaredAt: string | null;
  /** First proof of each component: when, and by which step. */
  proofs: Record<string, { at: string; step: string; shiftMs: number }>;
  /** The last proven recovery point. */
  recoveryPoint: { at: string; step: string } | null;
  /** Captures of succeeded steps of the runbook itself, by name; the latest wins. */
  captures: Record<string, string>;
  /** The same of called runbooks, by the id of the step that calls. */
  scopes: Record<string, Scope>;
  notes: Note[];
  attachments: Attachment[];
  /** True once the run took longer than its runbook allows. */
  overran: boolean;
  paused: { at: string; by: string; cause: 'person' | 'timeout'; reason: string } | null;
  /** All pauses, in order; the last one has no end while the run is paused. */
  pauses: Pause[];
  /** The undo under way or done last. */
  undo: { at: string; by: string; reason: string; ends: boolean; steps: string[] } | null;
  /** How far the wall clock was set since the run began, in ms; of `declaredAt` and proofs: by then. */
  shiftMs: number;
  declaredShiftMs: number;
  /** How long the machine slept in all, in ms. */
  sleptMs: number;
  handedOver: { at: string; to: string; by: string; reason: string } | null;
  /** How often a process took the run up, the first start included. */
  sessions: { at: string; by: string; surface: 'app' | 'cli' }[];
  ended: {
    at: string;
    outcome: BodyOf<'run.ended'>['outcome'];
    reason: string | null;
    by: string;
    /** Steps whose change an undo could not take back. */
    remains: string[];
  } | null;
  lastSeq: number;
  lastHash: string;
  lastTime: string;
  /** Mode of the run, repeated from `created` because everything asks for it. */
  mode: RunMode;
}
