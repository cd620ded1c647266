import { chmodSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { secretProblem } from '../../core/ledger/redact.ts';
import type { KubernetesPlace, Target } from '../../core/targets/target.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { type AwsContext, awsVariables, noAwsVariables } from '../credentials/aws.ts';
import { knownSecrets } from '../credentials/known-secrets.ts';
import { writeInPlace } from '../credentials/write-in-place.ts';
import { kubeconfigFacts } from './kubeconfig-facts.ts';

export interface ShellSources extends AwsContext {
  /**
   * The text of a kubeconfig that holds this one context alone, certificates embedded, programs
   * that sign in as they are, with this namespace as its own (null: as the context has it). Throws
   * MusterError where the context is missing or broken.
   */
  kubeconfig(place: KubernetesPlace, namespace: string | null): Promise<string>;
}

/** What a shell step or a terminal gets on top of the filtered environment. */
export interface TargetEnvironment {
  env: Record<string, string>;
  /** Every credential in `env` and in the files it names, for the redactor. */
  secrets: string[];
  /** Removes the files. Steps that still run with them lose the target. */
  cleanup(): void;
}

/**
 * Makes `folder` (mode 0700) with files that lead a shell to this one target and nowhere else:
 * `kubectl` and `helm` know one context, AWS programs one profile, and where the target has no
 * cluster or no object store they find none, rather than the operator's own. Throws MusterError,
 * and leaves nothing behind then.
 */
export async function targetEnvironment(
  target: Target,
  folder: string,
  sources: ShellSources,
): Promise<TargetEnvironment> {
  const cleanup = (): void => rmSync(folder, { recursive: true, force: true });
  // A step that outlived Muster may use the files of before while these take their place.
  const wasThere = existsSync(folder);
  makeFolder(folder);
  // Also where the system's mask is wider.
  chmodSync(folder, 0o700);
  try {
    const kubernetes = await kubernetesPart(target, folder, sources);
    const aws = await awsPart(target, folder, sources, kubernetes);
    // One that is too short to be kept out of a record is no credential of any real system.
    const secrets = [...new Set([...kubernetes.secrets, ...aws.secrets])].filter(
      (secret) => secretProblem('', secret) === null,
    );
    for (const secret of secrets) knownSecrets.add(secret);
    return { env: { ...aws.env, KUBECONFIG: kubernetes.file }, secrets, cleanup };
  } catch (error) {
    if (!wasThere) cleanup();
    throw error;
  }
}

/** A folder whose run is not on record yet may be of one that begins just now, for so long, in ms. */
const BEGINNING_MS = 60 * 60_000;

/**
 * Removes what earlier runs left in `parent` when Muster was killed. A folder is named after its
 * run. One whose run has not ended stays, because a step that outlived Muster may use it.
 */
export function sweepTargetFolders(
  parent: string,
  stateOf: (run: string) => 'open' | 'ended' | 'unknown',
): void {
  let names: string[];
  try {
    names = readdirSync(parent);
  } catch {
    // There was never one.
    return;
  }
  for (const name of names) {
    const folder = join(parent, name);
    const state = stateOf(name);
    const mayGo =
      state === 'ended' ||
      (state === 'unknown' && Date.now() - statSync(folder).mtimeMs > BEGINNING_MS);
    if (mayGo) rmSync(folder, { recursive: true, force: true });
  }
}

interface KubernetesPart {
  file: string;
  secrets: string[];
  hasPlugin: boolean;
  awsProfiles: string[];
}

/** A kubeconfig without a context: `kubectl` then asks nobody. */
const NO_CLUSTER = 'apiVersion: v1\nkind: Config\n';

async function kubernetesPart(
  { kubernetes, namespace }: Target,
  folder: string,
  sources: ShellSources,
): Promise<KubernetesPart> {
  const file = join(folder, 'kubeconfig');
  const text = kubernetes ? await sources.kubeconfig(kubernetes, namespace) : NO_CLUSTER;
  writeInPlace(file, text);
  return { file, ...kubeconfigFacts(text) };
}

async function awsPart(
  { objectStore }: Target,
  folder: string,
  sources: ShellSources,
  { hasPlugin, awsProfiles }: KubernetesPart,
): Promise<{ env: Record<string, string>; secrets: string[] }> {
  if (objectStore?.kind === 's3') return awsVariables(objectStore, folder, sources, awsProfiles);
  // A program that signs in to the cluster may need the operator's AWS settings to do so.
  return { env: hasPlugin ? {} : noAwsVariables(folder), secrets: [] };
}
