import { MusterError, type Problem, toProblem } from '../../core/problem.ts';
import {
  compareIdentity,
  type IdentityComparison,
  type IdentityPart,
  identityKey,
  mismatchProblem,
  type Pin,
} from '../../core/targets/identity.ts';
import type { Target } from '../../core/targets/target.ts';
import type { Targets } from '../../store/targets.ts';
import { knownSecrets } from '../credentials/known-secrets.ts';

type Part<K extends IdentityPart['kind']> = Extract<IdentityPart, { kind: K }>;

/**
 * How each part of a target is asked who it is. None changes anything there; each ends within a
 * bounded time and throws MusterError where it has no answer.
 */
export interface IdentityProbes {
  cluster(target: Target): Promise<Part<'cluster'>>;
  objectStore(target: Target): Promise<Part<'object-store'>>;
  database(target: Target, connection: string): Promise<Part<'database'>>;
}

/**
 * Proves that what answered is what the target was: pins it on first use, and throws MusterError
 * `target-mismatch` when another identity is pinned. Call it before the first effect on a
 * connection, and again after each reconnect.
 */
export function proveIdentity(
  targets: Targets,
  name: string,
  seen: IdentityPart,
  by: string,
): 'match' | 'first-use' {
  const wasPinned = targets
    .get(name)
    ?.pins.some(({ part }) => identityKey(part) === identityKey(seen));
  // What stands there counts, also when another process pinned it in between.
  const pinned = targets.pinFirst(name, seen, by);
  const problem = mismatchProblem(name, compareIdentity([pinned], [seen]));
  if (problem) throw new MusterError(problem);
  return wasPinned ? 'match' : 'first-use';
}

/** What came of asking all parts of a target. */
export interface SeenTarget {
  seen: IdentityPart[];
  /** Parts that gave no answer, by key. */
  failed: { key: string; problem: Problem }[];
  /** Of the parts that answered. */
  comparison: IdentityComparison;
}

/** Asks every part of a target who it is, all at once. Pins nothing; does not throw. */
export async function seeTarget(
  target: Target,
  pins: readonly Pin[],
  probes: IdentityProbes,
): Promise<SeenTarget> {
  const asked: [key: string, answer: () => Promise<IdentityPart>][] = [];
  if (target.kubernetes) asked.push(['cluster', () => probes.cluster(target)]);
  if (target.objectStore) asked.push(['object-store', () => probes.objectStore(target)]);
  for (const connection of Object.keys(target.databases)) {
    asked.push([`database ${connection}`, () => probes.database(target, connection)]);
  }
  const seen: IdentityPart[] = [];
  const failed: SeenTarget['failed'] = [];
  await Promise.all(
    asked.map(async ([key, answer]) => {
      try {
        seen.push(await answer());
      } catch (error) {
        failed.push({ key, problem: knownSecrets.problem(toProblem(error)) });
      }
    }),
  );
  const keys = new Set(seen.map(identityKey));
  const pinned = pins.map(({ part }) => part).filter((part) => keys.has(identityKey(part)));
  return { seen, failed, comparison: compareIdentity(pinned, seen) };
}
