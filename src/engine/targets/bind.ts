import { join } from 'node:path';
import { z } from 'zod';
import { MusterError, type Problem, toProblem } from '../../core/problem.ts';
import { parseSecretReference } from '../../core/secrets/reference.ts';
import type { IdentityPart } from '../../core/targets/identity.ts';
import { referencesOf } from '../../core/targets/references.ts';
import { type Bindings, bindRoles, boundElsewhere } from '../../core/targets/roles.ts';
import { targetSnapshotSchema } from '../../core/targets/snapshot.ts';
import type { Target } from '../../core/targets/target.ts';
import type { Store } from '../../store/open.ts';
import { unknownTarget } from '../../store/targets.ts';
import type { AwsContext } from '../credentials/aws.ts';
import { operatorContext } from '../credentials/operator-context.ts';
import type { Vault } from '../credentials/vault.ts';
import type { BoundTarget } from './bound.ts';
import { type OpenTarget, openTarget } from './bound-target.ts';
import { connectCluster, readClusterSecret, shellKubeconfig } from './cluster.ts';
import { proveIdentity } from './identity.ts';
import { proveShell } from './prove-shell.ts';
import {
  sweepTargetFolders,
  type TargetEnvironment,
  targetEnvironment,
} from './shell-environment.ts';

const boundSnapshotSchema = targetSnapshotSchema.extend({ role: z.string() });

/** A target as a run's record keeps it, with the role it plays there. */
export type BoundSnapshot = z.infer<typeof boundSnapshotSchema>;

export interface BindRequest {
  run: string;
  /** The name of a target for each role, in the order of the runbook; the first is the main one. */
  roles: Readonly<Record<string, string>>;
  /** What the run was bound to when it began, as its record has it; null when it begins now. */
  before: readonly unknown[] | null;
}

/** The targets of one run. */
export interface RunTargets {
  snapshots: BoundSnapshot[];
  /** For null the main target. Throws MusterError for a role that the run has not. */
  target(role: string | null): BoundTarget;
  /** What lets a shell step reach the main target, and nothing else. */
  environment: Record<string, string>;
  /** Secret values in `environment` and in the files it names. */
  secrets: readonly string[];
  /**
   * Asks the systems that a shell is led to who they are. Rejects with MusterError where another one
   * answers; resolves with why the others were not reached.
   */
  proveShell(): Promise<Problem[]>;
  /** Ends connections and, when the run has ended, removes what was written for its steps. */
  close(): Promise<void>;
}

export interface BinderOptions {
  store: Store;
  vault: Pick<Vault, 'read'>;
  /** The operator's own environment. */
  env: Readonly<Record<string, string | undefined>>;
  /** Who pins an identity on first use. */
  operator: string;
}

/** Binds runs to targets. What it returns throws MusterError for every way in which that fails. */
export function createBinder(
  options: BinderOptions,
): (request: BindRequest) => Promise<RunTargets> {
  const { store } = options;
  const parent = join(store.home, 'targets');

  const stateOf = (run: string): 'open' | 'ended' | 'unknown' => {
    if (!store.runs.get(run)) return 'unknown';
    const ended = store.events.read(run).some(({ body }) => body.kind === 'run.ended');
    return ended ? 'ended' : 'open';
  };

  return async ({ run, roles, before }) => {
    sweepTargetFolders(parent, stateOf);
    const bindings = before === null ? chosen(store, roles) : asBefore(store, before);
    const players = Object.entries(bindings).map(([role, { name }]) => {
      return { role, ...openNamed(options, name) };
    });
    await vaultIsOpen(
      players.map(({ target }) => target),
      options.vault,
    );
    const [main] = players;
    const shell = main ? await shellPart(main, join(parent, run)) : noShell;
    return {
      snapshots: Object.entries(bindings).map(([role, snapshot]) => ({ role, ...snapshot })),
      target(role) {
        const found = role === null ? main : players.find((player) => player.role === role);
        if (!found) throw new MusterError(noSuchRole(role));
        return found.opened;
      },
      environment: shell.env,
      secrets: shell.secrets,
      async proveShell() {
        const kubeconfig = shell.env.KUBECONFIG;
        if (!main || kubeconfig === undefined) return [];
        const { target, context, prove } = main;
        const pins = store.targets.get(target.name)?.pins ?? [];
        const pinned = pins.map(({ part }) => part);
        return proveShell({ target, context, kubeconfig }, pinned, prove);
      },
      async close() {
        for (const { opened } of players) opened.close();
        if (stateOf(run) !== 'open') shell.cleanup();
      },
    };
  };
}

/**
 * The target that a run has in this role once more, with connections of its own: what looks at it
 * beside the steps must not end theirs. To be closed. Throws MusterError where the target is
 * another one by now.
 */
export function openBeside(
  options: BinderOptions,
  before: readonly unknown[],
  role: string,
): OpenTarget {
  const bindings = asBefore(options.store, before);
  const bound = Object.hasOwn(bindings, role) ? bindings[role] : undefined;
  if (!bound) throw new MusterError(noSuchRole(role));
  return openNamed(options, bound.name).opened;
}

function openNamed(
  { store, vault, env, operator }: BinderOptions,
  name: string,
): {
  target: Target;
  context: AwsContext;
  opened: OpenTarget;
  prove(seen: IdentityPart): void;
} {
  const kept = store.targets.get(name);
  if (!kept) throw unknownTarget(name);
  const { target } = kept;
  const context = contextOf(target, vault, env);
  const prove = (seen: IdentityPart): void => {
    proveIdentity(store.targets, name, seen, operator);
  };
  return { target, context, opened: openTarget(target, context, prove), prove };
}

/**
 * A locked vault is noticed before a run begins, and not by the step in its middle that first needs a
 * password. Whether the entries are there the steps say: no run needs all that a target has.
 */
async function vaultIsOpen(targets: readonly Target[], vault: Pick<Vault, 'read'>): Promise<void> {
  const [entry] = targets.flatMap(referencesOf).flatMap((text) => {
    const parsed = parseSecretReference(text);
    return parsed.ok && parsed.reference.scheme === 'vault' ? [parsed.reference.entry] : [];
  });
  if (entry === undefined) return;
  try {
    await vault.read(entry);
  } catch (error) {
    if (['vault-locked', 'vault-missing'].includes(toProblem(error).code)) throw error;
  }
}

const noShell: TargetEnvironment = { env: {}, secrets: [], cleanup: () => undefined };

function shellPart(
  { target, context }: { target: Target; context: AwsContext },
  folder: string,
): Promise<TargetEnvironment> {
  return targetEnvironment(target, folder, {
    ...context,
    kubeconfig: async (place, namespace) => shellKubeconfig(place, namespace, context),
  });
}

function chosen(store: Store, roles: Readonly<Record<string, string>>): Bindings {
  const bound = bindRoles(Object.keys(roles), roles, store.targets.list());
  if (!bound.ok) throw new MusterError(bound.problem);
  return bound.bindings;
}

/** The bindings of a run that goes on. It is never bound anew: what changed under it stops it. */
function asBefore(store: Store, before: readonly unknown[]): Bindings {
  const snapshots = z.array(boundSnapshotSchema).parse(before);
  const bindings = Object.fromEntries(snapshots.map(({ role, ...snapshot }) => [role, snapshot]));
  const problem = boundElsewhere(bindings, store.targets.list());
  if (problem) throw new MusterError(problem);
  return bindings;
}

/** A target's own secrets may lie in its own cluster. */
function contextOf(
  { kubernetes, namespace }: Target,
  vault: Pick<Vault, 'read'>,
  env: Readonly<Record<string, string | undefined>>,
): AwsContext {
  if (!kubernetes) return operatorContext(vault, env);
  return operatorContext(vault, env, async (where) => {
    const connection = connectCluster(kubernetes, namespace, operatorContext(vault, env));
    try {
      return await readClusterSecret(connection, where);
    } finally {
      connection.close();
    }
  });
}

function noSuchRole(role: string | null) {
  return {
    code: 'target-missing',
    what: role === null ? 'This run has no target.' : `This run has no target as "${role}".`,
    safe: 'Nothing was sent.',
    next: 'Start the run with a target for each role.',
  };
}
