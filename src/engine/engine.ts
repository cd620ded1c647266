import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { link } from '../core/ledger/chain.ts';
import { createRedactor, secretProblem } from '../core/ledger/redact.ts';
import { MusterError, type Problem } from '../core/problem.ts';
import { refuse } from '../core/run/decide.ts';
import type { BodyOf, EventBody } from '../core/run/events.ts';
import { doesOf } from '../core/run/specs.ts';
import type { RunState } from '../core/run/state.ts';
import { answerVariable } from '../core/run/variables.ts';
import { resolveInputs } from '../core/runbook/inputs.ts';
import { allSteps, type Runbook, type Step } from '../core/runbook/model.ts';
import type { Store } from '../store/open.ts';
import type { Engine, InteractiveHost, RunListener, StartRequest } from './api.ts';
import { asVariables, baseEnvironment, isReservedName } from './environment.ts';
import * as failures from './failures.ts';
import { isAlive, thisHolder } from './holder.ts';
import { findProgram } from './processes/interpreter.ts';
import { type Range, ranges } from './ranges/registry.ts';
import { listRuns, readRun } from './record.ts';
import { createRunner, type Runner } from './runner.ts';
import { resolveSecret } from './secrets.ts';

export interface EngineOptions {
  store: Store;
  /** Who acts, as the ledger names them. */
  operator: string;
  surface: 'app' | 'cli';
  /** Muster's own version, for the record. */
  version: string;
  interactive: InteractiveHost | null;
  /** The environment to take secrets, PATH and the like from. */
  env: NodeJS.ProcessEnv;
  /** Signs what is recorded of a run; called whenever it rests. */
  signHead(run: string): void;
  /** The SQLite addon for the practice range, when it is not the package's own. */
  nativeBinding?: string;
}

/** A run that is driven here. */
interface Drive {
  runner: Runner;
  runbook: Runbook;
  range: Range | null;
  environment(state: RunState, step: Step | null): Record<string, string>;
  listeners: Set<RunListener>;
}

/** The engine of one process. It drives any number of runs, each of them alone. */
export function createEngine(options: EngineOptions): Engine {
  const { store, operator, surface } = options;
  const session = randomBytes(6).toString('hex');
  const drives = new Map<string, Drive>();
  const holder = thisHolder(surface);

  /** Leases, range, secrets, and then the runner. `opening` is what this drive records first. */
  const drive = async (
    run: string,
    runbook: Runbook,
    state: RunState | null,
    created: BodyOf<'run.created'>,
    opening: EventBody[],
    record: () => void,
  ): Promise<void> => {
    const lease = store.leases.take(run, holder, isAlive);
    if (!lease.taken) throw new MusterError(failures.drivenElsewhere(run, lease.holder));
    let range: Range | null = null;
    try {
      const secrets = readSecrets(runbook, options.env);
      range = await openRange(run, created.range);
      const { env } = range ?? { env: {} };
      const base = baseEnvironment(options.env);
      const environment: Drive['environment'] = (now, step) => ({
        ...base,
        ...env,
        ...asVariables({ ...created.inputs, ...secrets }),
        // The same order as in conditions: what became known later wins, answers over all.
        ...now.captures,
        ...answersIn(now),
        MUSTER_RUN: run,
        ...(step ? { MUSTER_STEP: step.id } : {}),
      });
      const listeners = new Set<RunListener>();
      const values = Object.values(secrets);
      const redactor = createRedactor(values);
      store.transaction(() => {
        record();
        const runner = createRunner({
          store,
          run,
          runbook,
          state,
          opening,
          operator,
          session,
          spool: join(store.home, 'spool', run),
          cwd: created.path ? dirname(created.path) : (options.env.HOME ?? store.home),
          environment,
          secrets: values,
          redactText: redactor.text,
          interactive: options.interactive,
          onEvents: (events) => tell(listeners, (listener) => listener.events(events)),
          onOutput: (chunk) => tell(listeners, (listener) => listener.output(chunk)),
          onRest: () => options.signHead(run),
          onStop: (problem) => letGo(run, problem),
        });
        drives.set(run, { runner, runbook, range, environment, listeners });
      });
    } catch (error) {
      drives.delete(run);
      await range?.close();
      store.leases.release(run, holder);
      throw error;
    }
  };

  const openRange = async (run: string, name: string | null): Promise<Range | null> => {
    if (name === null) return null;
    const start = ranges[name];
    if (!start) throw new MusterError(failures.rangeUnknown(name));
    const { nativeBinding } = options;
    const folder = join(store.home, 'ranges');
    // Of a run that ended the record stays; the range it played on is of no more use.
    for (const old of listRuns(store)) {
      if (old.outcome !== null) rmSync(join(folder, old.id), { recursive: true, force: true });
    }
    const dir = join(folder, run);
    return start(nativeBinding === undefined ? { dir } : { dir, nativeBinding });
  };

  const letGo = (run: string, problem: Problem | null): void => {
    const stopped = drives.get(run);
    if (!stopped) return;
    drives.delete(run);
    void stopped.range?.close();
    try {
      store.leases.release(run, holder);
    } catch {
      // The lease names this process; once it ends, the lease counts as free.
    }
    tell(stopped.listeners, (listener) => listener.stopped(problem));
  };

  return {
    async start(request) {
      const { path, runbook, sha256, text } = request.opened;
      const created = prepare(request, options);
      const run = newRunId();
      const opening: EventBody[] = [
        created,
        { kind: 'run.driven', by: operator, surface, session },
        { kind: 'run.paced', auto: request.auto, allow: request.allow, by: operator },
      ];
      await drive(run, runbook, null, created, opening, () => {
        store.texts.keep(sha256, text);
        const createdAt = new Date().toISOString();
        store.runs.create({ id: run, sha256, title: runbook.title, path, createdAt });
      });
      return run;
    },

    async resume(run) {
      if (drives.has(run)) return;
      if (readRun(store, run).state.ended) throw new MusterError(failures.runEnded(run));
      const lease = store.leases.take(run, holder, isAlive);
      if (!lease.taken) throw new MusterError(failures.drivenElsewhere(run, lease.holder));
      // Read again: only now can nobody else write.
      const { runbook, state } = readRun(store, run);
      const opening: EventBody[] = [{ kind: 'run.driven', by: operator, surface, session }];
      await drive(run, runbook, state, state.created, opening, () => undefined);
    },

    async command(run, command) {
      const driven = drives.get(run);
      if (driven) return driven.runner.command(command);
      if (command.kind !== 'note') throw new MusterError(failures.notDrivenHere(run));
      // A note needs no drive: what was learned afterwards belongs to the record too.
      const { runbook, state } = readRun(store, run);
      const problem = refuse(state, runbook, command);
      if (problem) throw new MusterError(problem);
      const { text } = createRedactor(readableSecrets(runbook, options.env));
      store.events.append([
        link(
          { seq: state.lastSeq, hash: state.lastHash },
          { run, time: new Date().toISOString(), mono: performance.now(), session },
          { kind: 'note.added', step: command.step, text: text(command.text), by: operator },
          (text) => createHash('sha256').update(text).digest('hex'),
        ),
      ]);
      options.signHead(run);
    },

    follow(run, listener) {
      const driven = drives.get(run);
      driven?.listeners.add(listener);
      return () => driven?.listeners.delete(listener);
    },

    driven(run) {
      const driven = drives.get(run);
      return driven ? { state: driven.runner.state(), runbook: driven.runbook } : null;
    },

    environment(run) {
      const driven = drives.get(run);
      if (!driven) throw new MusterError(failures.notDrivenHere(run));
      return driven.environment(driven.runner.state(), null);
    },

    async close() {
      for (const [run, driven] of drives) {
        await driven.runner.release();
        letGo(run, null);
      }
    },
  };
}

/** Checks that the runbook can run as asked, and makes the run's first event. */
function prepare(request: StartRequest, options: EngineOptions): BodyOf<'run.created'> {
  const { path, runbook, sha256 } = request.opened;
  const error = runbook.findings.find((finding) => finding.severity === 'error');
  if (error) {
    throw new MusterError(failures.runHasErrors(path, error));
  }
  if (request.mode === 'rehearsal') throw new MusterError(failures.rehearsalMissing());
  if (runbook.requires.target) throw new MusterError(failures.targetMissing());
  const resolved = resolveInputs(runbook.inputs, request.inputs);
  if (!resolved.ok) throw new MusterError(failures.inputsInvalid(resolved.problems));
  const names = namesSetBy(runbook);
  const reserved = names.find(isReservedName);
  if (reserved !== undefined) throw new MusterError(failures.nameReserved(reserved));
  const missing = runbook.requires.tools.filter(
    (tool) => !findProgram(tool, options.env.PATH ?? ''),
  );
  if (missing.length > 0) throw new MusterError(failures.toolsMissing(missing));
  return {
    kind: 'run.created',
    title: runbook.title,
    path,
    sha256,
    runbookKind: runbook.kind,
    mode: request.mode,
    inputs: { ...resolved.values, ...secretReferences(runbook) },
    objectives: runbook.objectives.map(({ component, rtoMs, rpoMs }) => ({
      component,
      rtoMs,
      rpoMs,
    })),
    outline: runbook.phases.flatMap((phase) =>
      phase.steps.map((step) => ({
        id: step.id,
        title: step.title,
        phase: phase.title,
        does: doesOf(step.action),
        risk: step.risk,
        tasks: step.tasks.length,
      })),
    ),
    range: runbook.requires.range,
    operator: options.operator,
    host: hostname(),
    version: options.version,
  };
}

/** Every variable that the runbook hands to its steps. */
function namesSetBy(runbook: Runbook): string[] {
  return [
    ...runbook.inputs.map((input) => input.name),
    ...allSteps(runbook).flatMap(({ id, action }) => {
      if (action?.kind === 'ask') return [answerVariable(id)];
      return action?.kind === 'shell' ? action.captures.map(({ name }) => name) : [];
    }),
  ];
}

/** What the record shows of secrets: where they are read from. */
function secretReferences(runbook: Runbook): Record<string, string> {
  return Object.fromEntries(
    runbook.inputs.flatMap(({ name, secret }) => (secret === null ? [] : [[name, secret]])),
  );
}

function readSecrets(runbook: Runbook, env: NodeJS.ProcessEnv): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const [name, reference] of Object.entries(secretReferences(runbook))) {
    const value = resolveSecret(reference, env);
    const problem = secretProblem(name, value);
    if (problem) throw new MusterError(problem);
    secrets[name] = value;
  }
  return secrets;
}

/** For a note on a run that nobody drives: what cannot be read here cannot be in the note's reach. */
function readableSecrets(runbook: Runbook, env: NodeJS.ProcessEnv): string[] {
  try {
    return Object.values(readSecrets(runbook, env));
  } catch {
    return [];
  }
}

function answersIn(state: RunState): Record<string, string> {
  const answered = state.steps.filter((step) => step.answer !== null);
  return Object.fromEntries(answered.map((step) => [answerVariable(step.id), String(step.answer)]));
}

/** Ids sort by time and can be read aloud: `20261120-141502-k3f9`. */
function newRunId(): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const letters = Array.from(
    randomBytes(4),
    (byte) => 'abcdefghjkmnpqrstuvwxyz23456789'[byte % 31],
  );
  return `${stamp}-${letters.join('')}`;
}

/** A listener that fails must not keep the run from going on. */
function tell(listeners: ReadonlySet<RunListener>, say: (listener: RunListener) => void): void {
  for (const listener of listeners) {
    try {
      say(listener);
    } catch (error) {
      console.error('A listener of a run failed:', error instanceof Error ? error.message : error);
    }
  }
}
