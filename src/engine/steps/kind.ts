import type { Problem } from '../../core/problem.ts';
import type { ActResult } from '../../core/run/events.ts';
import type { Action, Step } from '../../core/runbook/model.ts';
import type { InteractiveHost } from '../api.ts';
import type { OutputSink } from '../output.ts';
import type { StructuredHelp } from './structured.ts';

/** All that the machine part of one attempt is given. */
export interface ActContext<A extends Action = Action> {
  run: string;
  /** The step's id in the run; of a list's item, and of an undo, another than the runbook's. */
  id: string;
  step: Step;
  action: A;
  attempt: number;
  /** The attempt's own folder: its files survive a crash of Muster, and go after its end is recorded. */
  dir: string;
  /** The folder the commands run in. */
  cwd: string;
  env: Record<string, string>;
  sink: OutputSink;
  /** Null on a surface without a terminal. */
  interactive: InteractiveHost | null;
  /** Who answers where `env` leads; see `TargetBinding`. Rejects with MusterError for a stranger. */
  proveShell(): Promise<Problem[]>;
  structured: StructuredHelp;
  /** Aborted when a person cancels. */
  cancel: AbortSignal;
  /** Aborted when Muster lets go of the run: stop watching, leave the process alone. */
  release: AbortSignal;
}

/** What an attempt came to, but for its output and captures, which are the same for all kinds. */
export type Acted = Pick<
  ActResult,
  | 'outcome'
  | 'exitCode'
  | 'signal'
  | 'durationMs'
  | 'problem'
  | 'rehearsed'
  | 'summary'
  | 'verdict'
  | 'before'
> & {
  /** Values that captures take by name. */
  values?: Record<string, string | number | boolean>;
};

/**
 * What a crash left of an attempt: it ended or goes on (`acted` resolves at its end), nothing of it
 * ran, it ended with Muster and may be done again without harm, or nobody can tell.
 */
export type Recovered =
  | { kind: 'goes-on'; acted: Promise<Acted | Lost | Released> }
  | { kind: 'not-started' }
  | { kind: 'interrupted' }
  | Lost;

/** The process is gone and left no end. */
export interface Lost {
  kind: 'lost';
  why: string;
}

/** Muster let go; what runs goes on. */
export interface Released {
  kind: 'released';
}

/** A kind of action that a machine carries out. One file a kind, one line in the registry. */
export interface MachineKind<A extends Action = Action> {
  act(context: ActContext<A>): Promise<Acted | Lost | Released>;
  /** Finds out what became of an attempt that an earlier process began. */
  recover(context: ActContext<A>): Recovered;
}
