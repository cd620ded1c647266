import type { Problem } from '../problem.ts';
import type { Risk } from '../runbook/model.ts';
import type { ActResult, BodyOf, RunMode, Value } from './events.ts';

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
  does: 'shell' | 'ask' | 'hand';
  risk: Risk;
  status: StepStatus;
  attempts: Attempt[];
  /** One entry a task item; who ticked it last and when, or null. */
  ticks: ({ by: string; at: string } | null)[];
  answer: Value | null;
  skipped: { cause: 'condition' | 'person'; reason: string; by: string; at: string } | null;
}

export interface Note {
  step: string | null;
  text: string;
  by: string;
  at: string;
}

/** All that is known of a run: the fold of its events. */
export interface RunState {
  id: string;
  created: BodyOf<'run.created'>;
  createdAt: string;
  /** In document order. */
  steps: StepState[];
  auto: boolean;
  /** The highest risk that auto mode carries out by itself. */
  allow: Risk;
  declaredAt: string | null;
  /** First proof of each component: when, and by which step. */
  proofs: Record<string, { at: string; step: string }>;
  /** The last proven recovery point. */
  recoveryPoint: { at: string; step: string } | null;
  /** Captures of succeeded steps, by name; the latest wins. */
  captures: Record<string, string>;
  notes: Note[];
  /** How often a process took the run up, the first start included. */
  sessions: { at: string; by: string; surface: 'app' | 'cli' }[];
  ended: {
    at: string;
    outcome: BodyOf<'run.ended'>['outcome'];
    reason: string | null;
    by: string;
  } | null;
  lastSeq: number;
  lastHash: string;
  lastTime: string;
  /** Mode of the run, repeated from `created` because everything asks for it. */
  mode: RunMode;
}
