import type { Problem } from '../core/problem.ts';
import type { Command } from '../core/run/commands.ts';
import type { RunEvent, RunMode, Value } from '../core/run/events.ts';
import type { RunState } from '../core/run/state.ts';
import type { Risk, Runbook } from '../core/runbook/model.ts';
import type { HandOver } from './hand-over/hand-over.ts';
import type { TakenOver } from './hand-over/take-over.ts';
import type { OpenedRunbook } from './library/open-runbook.ts';
import type { Preview, Progress } from './steps/structured.ts';

/** What a surface (window or command line) gives the engine and gets from it. */

export interface StartRequest {
  /** The file as it was read; the run keeps its text. */
  opened: OpenedRunbook;
  mode: RunMode;
  inputs: Record<string, Value>;
  auto: boolean;
  allow: Risk;
  /** The target of each role, by name. */
  targets: Record<string, string>;
  /** Only these steps; the others are recorded as left out. Null for all. */
  only: readonly string[] | null;
}

export interface OutputChunk {
  run: string;
  step: string;
  attempt: number;
  /** `evidence` shows what was done; it is kept beside the output, and no line of it. */
  stream: 'out' | 'err' | 'terminal' | 'evidence';
  /** Byte offset in the output of the attempt, what is left out of a long one included. */
  at: number;
  bytes: number;
  text: string;
  /**
   * What stands behind it on a screen until the next chunk of its stream: that begins with it, or
   * with what is shown in place of a secret (see `Redactor.ahead`). A chunk may bring nothing else.
   */
  ahead: string;
}

/** How far a running step has come; shown live, never recorded. */
export interface StepProgress extends Progress {
  run: string;
  step: string;
}

export interface RunListener {
  events(events: RunEvent[]): void;
  output(chunk: OutputChunk): void;
  progress?(progress: StepProgress): void;
  /**
   * The run is no longer driven here: it ended (null), or its record could not be written. Then
   * nothing recorded is lost, what runs goes on, and `resume` takes it up again.
   */
  stopped(problem: Problem | null): void;
}

/** Carries an `{interactive}` step: a terminal that a person types in. */
export interface InteractiveHost {
  run(request: {
    run: string;
    step: string;
    attempt: number;
    title: string;
    file: string;
    args: string[];
    cwd: string;
    env: Record<string, string>;
    /** Receives everything the terminal showed, for the recording. */
    onData(data: string): void;
    /** Ends the session when aborted: HUP, a grace period, KILL. */
    signal: AbortSignal;
  }): Promise<{ exitCode: number | null; signal: string | null }>;
}

export interface Engine {
  /** Validates inputs, records the run and begins to drive it. Throws MusterError. */
  start(request: StartRequest): Promise<string>;
  /** Takes up a run: lease, recovery of what was under way, then on. Throws MusterError. */
  resume(run: string): Promise<void>;
  /** Throws MusterError when the run is not driven here or the command is not permitted now. */
  command(run: string, command: Command): Promise<void>;
  /**
   * What a step of a run that is driven here would do if it ran now; null where that cannot be known,
   * as of a shell command. Changes nothing. Throws MusterError.
   */
  preview(run: string, step: string): Promise<Preview | null>;
  /** Keeps a file with a run or one of its steps, also after its end. Throws MusterError. */
  attach(
    run: string,
    file: { step: string | null; name: string; bytes: Uint8Array },
  ): Promise<void>;
  /** What a colleague has to sign to approve a step, as text for mail or chat. Throws MusterError. */
  requestApproval(run: string, step: string): string;
  /** Lets go of the run and writes all of it to an encrypted file for somebody else. Throws MusterError. */
  handOver(run: string, wanted: Omit<HandOver, 'run'>): Promise<void>;
  /** Brings a run from such a file here; nothing drives it yet. Throws MusterError. */
  takeOver(given: { file: string; passphrase: string; back: boolean }): Promise<TakenOver>;
  /** Follows a run that is driven here. Returns the function that ends it. */
  follow(run: string, listener: RunListener): () => void;
  /** State and runbook of a run that is driven here, or null. */
  driven(run: string): { state: RunState; runbook: Runbook } | null;
  /** What of a running attempt's output may be shown and is not kept yet, as chunks without bytes. */
  outputAhead(run: string, step: string, attempt: number): OutputChunk[];
  /**
   * The environment that the run's shell steps get now, for a terminal beside it. Rejects with
   * MusterError where its target is another system than it was.
   */
  environment(run: string): Promise<Record<string, string>>;
  /** Lets go of all runs without ending what they run; their processes go on. */
  close(): Promise<void>;
}
