import type { ActionKind } from '../../core/actions/kind.ts';
import type { Problem } from '../../core/problem.ts';
import type { RunMode, Value } from '../../core/run/events.ts';
import type { Step } from '../../core/runbook/model.ts';
import type { BoundTarget } from '../targets/bound.ts';

/** How far a long action has come; shown live, never recorded. */
export interface Progress {
  /** What is being done, such as "Downloading orders.sql.gz". */
  label: string;
  done: number;
  /** Null while it is not known. */
  total: number | null;
  unit: 'bytes' | 'rows' | 'objects' | 'ms';
}

/** Something that shows what was done: an object before and after, a table, a chart's points. */
export interface Evidence {
  /** Such as "before: deployment/orders". */
  name: string;
  mediaType: 'application/json' | 'text/plain';
  content: string;
}

/** All that one attempt of a structured action is given. */
export interface StepContext<S> {
  run: string;
  mode: RunMode;
  step: Step;
  attempt: number;
  /** The body with every reference resolved, as its schema made it. */
  spec: S;
  /**
   * Aborted when a person cancels, when the step's timeout has passed, or when Muster lets go:
   * stop as soon as it is safe and reject with `signal.reason`. The engine knows which it was.
   */
  signal: AbortSignal;
  /** The attempt's own folder, made. What lies here survives a crash until the end is recorded. */
  dir: string;
  /** Muster's own data folder, which holds what is set up once, such as `notify.yaml`. */
  home: string;
  /** The runbook's folder; relative paths of a body start here. */
  cwd: string;
  /** The environment of the run's shell steps, for a child process such as `pg_dump`. */
  env: Record<string, string>;
  /** Adds a line to the step's output. Secrets of the run are removed. */
  log(line: string): void;
  /** At most some times a second reaches the window; call it as often as you like. */
  progress(progress: Progress): void;
  evidence(evidence: Evidence): void;
  /** The target bound to the action's role, or to another one. Throws MusterError `target-missing`. */
  target(role?: string): BoundTarget;
  /** Shows a notification of the desktop, where there is one. */
  notify(notification: { title: string; text: string }): void;
  /** The value behind a secret's reference; the redactor knows it from then on. Throws MusterError. */
  secret(reference: string): Promise<string>;
  /** Whether a text holds a secret that may not be kept. */
  holdsSecret(text: string): boolean;
  /**
   * What the last try of this step kept, where none succeeded since; else null. That try may have
   * changed things already, so what it found is how they were before the step. A text of it that held
   * a secret is hidden: see `isHidden`.
   */
  earlier(): unknown;
  /**
   * To be called before the first change with what undoing needs, as far as it is known. The next
   * try is given it where this one does not succeed, also after a crash. JSON.
   */
  keep(before: unknown): void;
}

/** What the engine adds to a structured action beyond what every machine step has. */
export interface StructuredHelp {
  mode: RunMode;
  home: string;
  /** Values that `${NAME}` stands for, secrets among them. */
  values: Readonly<Record<string, Value>>;
  target(role: string | null): BoundTarget;
  secret(reference: string): Promise<string>;
  holdsSecret(text: string): boolean;
  /** A JSON value whose texts that hold secrets are hidden. */
  hide(value: unknown): unknown;
  progress(progress: Progress): void;
  notify(notification: { title: string; text: string }): void;
  /** What undoing needs to know, where this attempt takes back another; else null. */
  before: (() => unknown) | null;
  earlier(): unknown;
  keep(before: unknown): void;
}

/** What would be done, in words for the operator, and whether something stands against it. */
export interface Preview {
  /** One sentence or some lines: "Scales deployment/orders from 3 to 0." */
  text: string;
  /** A difference or a payload, exactly as it would be; null where there is none. */
  detail: string | null;
  /** Why it would fail now, or null. */
  problem: Problem | null;
}

/** What an action came to. To fail, throw a MusterError; any other error is a fault of Muster's. */
export interface Done {
  /** One sentence: "Scaled deployment/orders from 3 to 0 in 4 s." */
  summary: string;
  /** Values for `capture:`, by the names that the kind's `results` lists. */
  values: Record<string, string | number | boolean>;
  /** The verdict of a check; an unhealthy one fails the step. Left out by what is no check. */
  verdict?: 'healthy' | 'degraded' | 'unhealthy';
  /** What `undo` needs to know to take the change back, such as the replicas before. JSON. */
  before?: unknown;
}

/** How a kind of structured action is carried out. One file a kind, one line in the registry. */
export interface StructuredKind<S> {
  kind: ActionKind<S>;
  /** No effect; it may read the target, or ask the server for a dry run. */
  preview(context: StepContext<S>): Promise<Preview>;
  act(context: StepContext<S>): Promise<Done>;
  /** Takes back what `act` did; `before` is what it returned, texts with secrets hidden. Where `kind.undoable` says so. */
  undo?(context: StepContext<S>, before: unknown): Promise<Done>;
}
