import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { link } from '../core/ledger/chain.ts';
import { createRedactor } from '../core/ledger/redact.ts';
import { MusterError, type Problem } from '../core/problem.ts';
import type { BodyOf, EventBody } from '../core/run/events.ts';
import { runHandedOver } from '../core/run/refusals.ts';
import { refuse } from '../core/run/refuse.ts';
import type { RunState } from '../core/run/state.ts';
import type { Runbook } from '../core/runbook/model.ts';
import type { Store } from '../store/open.ts';
import type { Engine, InteractiveHost, RunListener } from './api.ts';
import { type Clocks, readClocks } from './clock-watch.ts';
import { createCollaboration } from './collaboration.ts';
import {
  COMMAND_TIMEOUT_MS,
  resolveSecret,
  type SecretContext,
} from './credentials/resolve-secret.ts';
import type { Vault } from './credentials/vault.ts';
import { baseEnvironment } from './environment.ts';
import * as failures from './failures.ts';
import { isAlive, thisHolder } from './holder.ts';
import { sha256 } from './journal.ts';
import { closeForwards } from './kubernetes/forward/held.ts';
import { readCalled } from './library/called.ts';
import { createOutputAhead, type OutputAhead } from './output-ahead.ts';
import { createPatience, type PatienceTimes } from './patience.ts';
import type { ApprovalCheck } from './people/check.ts';
import { leftOut, prepare, rolesOf } from './prepare-run.ts';
import { type Range, ranges } from './ranges/registry.ts';
import { readRun } from './read-run.ts';
import { listRuns } from './record.ts';
import { readableSecrets, readSecrets } from './run-secrets.ts';
import { createRunner, type Runner } from './runner.ts';
import type { BindTargets, TargetBinding } from './targets/bound.ts';
import { createRunValues, type RunValues } from './values.ts';

export interface EngineOptions {
  store: Store;
  /** Who acts, as the ledger names them. */
  operator: string;
  surface: 'app' | 'cli';
  /** Muster's own version, for the record. */
  version: string;
  interactive: InteractiveHost | null;
  /** Where `vault:` references lead. */
  vault: Pick<Vault, 'read'>;
  /** Null where no target can be bound. */
  bindTargets: BindTargets | null;
  /** Null where nobody can approve. */
  approve: ApprovalCheck | null;
  /** Shows a notification of the desktop; does nothing where there is none. */
  notify(notification: { title: string; text: string }): void;
  /** The environment to take secrets, PATH and the like from. */
  env: NodeJS.ProcessEnv;
  /** Signs what is recorded of a run; called whenever it rests. */
  signHead(run: string): void;
  /** Hears of what needs a person and stops nothing, such as a lock that is waited for. */
  onProblem?: (problem: Problem) => void;
  /** How long a locked database is waited for; minutes where nothing is said. */
  patience?: PatienceTimes;
  /** The clocks of the machine; others in tests alone. */
  clocks?: () => Clocks;
  /** The SQLite addon for the practice range, when it is not the package's own. */
  nativeBinding?: string;
}

/** A run that is driven here. */
interface Drive {
  runner: Runner;
  runbook: Runbook;
  range: Range | null;
  targets: TargetBinding | null;
  values: RunValues;
  listeners: Set<RunListener>;
  ahead: OutputAhead;
}

/** The engine of one process. It drives any number of runs, each of them alone. */
export function createEngine(options: EngineOptions): Engine {
  const { store, operator, surface } = options;
  const session = randomBytes(6).toString('hex');
  const drives = new Map<string, Drive>();
  const holder = thisHolder(surface);
  const patiently = createPatience(store, options.onProblem ?? (() => {}), options.patience);

  /** Leases, range, secrets, and then the runner. `opening` is what this drive records first. */
  const drive = async (
    run: string,
    runbook: Runbook,
    state: RunState | null,
    created: BodyOf<'run.created'>,
    opening: EventBody[],
    /** The targets chosen for a run that has no event yet; null for any other. */
    roles: Record<string, string> | null,
    record: () => void,
  ): Promise<void> => {
    const lease = store.leases.take(run, holder, isAlive);
    if (!lease.taken) throw new MusterError(failures.drivenElsewhere(run, lease.holder));
    let range: Range | null = null;
    let targets: TargetBinding | null = null;
    try {
      range = await openRange(run, created.range);
      targets = await bind(run, created, roles);
      const context = secretContext(targets, COMMAND_TIMEOUT_MS);
      const secrets = await readSecrets(runbook, context);
      const values = createRunValues({
        run,
        runbook,
        secrets,
        environment: { ...baseEnvironment(options.env), ...range?.env, ...targets?.environment },
        environmentSecrets: targets?.secrets ?? [],
        resolve: (reference) => resolveSecret(reference, context),
        proveShell: async () => targets?.proveShell() ?? [],
        target: (role) => {
          if (!targets) throw new MusterError(failures.targetMissing());
          return targets.target(role);
        },
      });
      const listeners = new Set<RunListener>();
      const ahead = createOutputAhead();
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
          values,
          interactive: options.interactive,
          clocks: options.clocks ?? readClocks,
          approve: options.approve ?? nobodyApproves,
          notify: options.notify,
          patiently,
          onEvents: (events) => tell(listeners, (listener) => listener.events(events)),
          onOutput: (chunk) => {
            ahead.take(chunk);
            tell(listeners, (listener) => listener.output(chunk));
          },
          onProgress: (progress) => tell(listeners, (listener) => listener.progress?.(progress)),
          onRest: () => options.signHead(run),
          onStop: (problem) => letGo(run, problem),
        });
        drives.set(run, { runner, runbook, range, targets, values, listeners, ahead });
      });
    } catch (error) {
      drives.delete(run);
      await targets?.close();
      await range?.close();
      store.leases.release(run, holder);
      throw error;
    }
  };

  /** How references are read: those into a cluster by way of the main target. */
  const secretContext = (
    targets: TargetBinding | null,
    commandTimeoutMs: number | null,
  ): SecretContext => ({
    env: options.env,
    cwd: process.cwd(),
    vault: options.vault,
    readKubernetesSecret:
      targets &&
      (async (where) => {
        const { readClusterSecret } = await import('./targets/cluster.ts');
        return readClusterSecret(await targets.target(null).kubernetes(), where);
      }),
    commandTimeoutMs,
  });

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

  /** `roles` is the choice for a run that has no event yet; later it is what it was bound to. */
  const bind = async (
    run: string,
    created: BodyOf<'run.created'>,
    roles: Record<string, string> | null,
  ): Promise<TargetBinding | null> => {
    const before = created.targets ?? null;
    const chosen =
      roles ?? Object.fromEntries((before ?? []).map(({ role, name }) => [role, name]));
    if (Object.keys(chosen).length === 0) return null;
    if (!options.bindTargets) throw new MusterError(failures.targetMissing());
    const binding = await options.bindTargets({ run, roles: chosen, before });
    if (roles !== null) created.targets = binding.snapshots;
    return binding;
  };

  const letGo = (run: string, problem: Problem | null): void => {
    const stopped = drives.get(run);
    if (!stopped) return;
    drives.delete(run);
    void closeForwards(run);
    void stopped.targets?.close();
    void stopped.range?.close();
    try {
      store.briefly(() => store.leases.release(run, holder));
    } catch {
      // The lease names this process; once it ends, the lease counts as free.
    }
    tell(stopped.listeners, (listener) => listener.stopped(problem));
  };

  /** For what comes from beside the run: it needs no drive, and must not disturb one. */
  const recordBeside = (run: string, body: EventBody): void => {
    const driven = drives.get(run);
    if (driven) {
      driven.runner.record(body);
      return;
    }
    const head = store.events.head(run);
    const stamp = { run, time: new Date().toISOString(), mono: performance.now(), session };
    store.events.append([link(head, stamp, body, sha256)]);
  };

  const collaboration = createCollaboration({
    store,
    operator,
    holder,
    session,
    version: options.version,
    view(run) {
      const driven = drives.get(run);
      return driven
        ? { state: driven.runner.state(), runbook: driven.runbook }
        : readRun(store, run);
    },
    secretsOf: async (run) =>
      drives.get(run)?.values.secrets() ??
      readableSecrets(readRun(store, run).runbook, secretContext(null, null)),
    record: recordBeside,
    async letGo(run) {
      await drives.get(run)?.runner.release();
      letGo(run, null);
    },
  });

  return {
    ...collaboration,

    async start(request) {
      const { path, sha256: hash, text } = request.opened;
      const error = request.opened.runbook.findings.find(({ severity }) => severity === 'error');
      if (error) throw new MusterError(failures.runHasErrors(path, error));
      const { runbook, files } = await readCalled(request.opened);
      const created = prepare(request, runbook, options);
      const run = newRunId();
      const opening: EventBody[] = [
        created,
        { kind: 'run.driven', by: operator, surface, session },
        { kind: 'run.paced', auto: request.auto, allow: request.allow, by: operator },
        ...leftOut(created, request.only, operator),
      ];
      const roles = rolesOf(runbook, request.targets);
      await drive(run, runbook, null, created, opening, roles, () => {
        store.texts.keep(hash, text);
        for (const file of files.values()) store.texts.keep(file.sha256, file.text);
        const createdAt = new Date().toISOString();
        store.runs.create({ id: run, sha256: hash, title: runbook.title, path, createdAt });
      });
      return run;
    },

    async resume(run) {
      if (drives.has(run)) return;
      const before = readRun(store, run).state;
      if (before.ended) throw new MusterError(failures.runEnded(run));
      if (before.handedOver) throw new MusterError(runHandedOver(before.handedOver.to));
      const lease = store.leases.take(run, holder, isAlive);
      if (!lease.taken) throw new MusterError(failures.drivenElsewhere(run, lease.holder));
      // Read again: only now can nobody else write.
      const { runbook, state } = readRun(store, run);
      const opening: EventBody[] = [{ kind: 'run.driven', by: operator, surface, session }];
      await drive(run, runbook, state, state.created, opening, null, () => undefined);
    },

    async command(run, command) {
      const driven = drives.get(run);
      if (driven) return driven.runner.command(command);
      if (command.kind !== 'note') throw new MusterError(failures.notDrivenHere(run));
      // A note needs no drive: what was learned afterwards belongs to the record too.
      const { runbook, state } = readRun(store, run);
      const problem = refuse(state, runbook, command);
      if (problem) throw new MusterError(problem);
      // A note starts no program.
      const { text } = createRedactor(await readableSecrets(runbook, secretContext(null, null)));
      const { step } = command;
      recordBeside(run, { kind: 'note.added', step, text: text(command.text), by: operator });
      options.signHead(run);
    },

    async preview(run, step) {
      const driven = drives.get(run);
      if (!driven) throw new MusterError(failures.notDrivenHere(run));
      return driven.runner.preview(step);
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

    outputAhead: (run, step, attempt) => drives.get(run)?.ahead.of(step, attempt) ?? [],

    async environment(run) {
      const driven = drives.get(run);
      if (!driven) throw new MusterError(failures.notDrivenHere(run));
      await driven.values.proveShell();
      return driven.values.environment(driven.runner.state(), '');
    },

    async close() {
      for (const [run, driven] of drives) {
        await driven.runner.release();
        letGo(run, null);
      }
    },
  };
}

const nobodyApproves: ApprovalCheck = async () => {
  throw new MusterError(failures.approvalsMissing());
};

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
