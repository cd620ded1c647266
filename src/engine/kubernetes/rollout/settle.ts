import { MusterError } from '../../../core/problem.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import { selectorOf } from '../objects/selectors.ts';
import { podSchema } from '../pods/pod.ts';
import type { Work } from '../verbs/work.ts';
import { explain } from '../waiting/explain.ts';
import { waitUntil } from '../waiting/wait-until.ts';
import { rolloutLook, workloadSchema } from './status.ts';

/** Waits until these workloads are as they shall be; where the cluster gives one up, says why. */
export async function rolledOut(work: Work<unknown>, places: readonly Place[]): Promise<void> {
  for (const place of places) {
    await waitUntil(
      work.context,
      work.cluster,
      describePlace(place),
      () => [place],
      async () => {
        const workload = await work.cluster.get(place, workloadSchema);
        try {
          return rolloutLook(workload);
        } catch (error) {
          throw await withReasons(work, place, error);
        }
      },
    );
  }
}

/**
 * Waits until a workload has no more pods than it wants. Those that are ending still hold volumes
 * and still write, although the workload does not count them any more.
 */
export async function podsGone(work: Work<unknown>, place: Place, most: number): Promise<void> {
  const { cluster, context } = work;
  const selector = selectorOf(await cluster.get(place));
  if (selector === null) return;
  const pods = await cluster.ofKind('v1', 'Pod');
  await waitUntil(
    context,
    cluster,
    describePlace(place),
    () => [place],
    async () => {
      const left = await cluster.list(
        pods,
        place.namespace,
        { labelSelector: selector },
        podSchema,
      );
      const ending = Math.max(0, left.length - most);
      return {
        isDone: ending === 0,
        label: `${ending} pods are ending`,
        done: most,
        total: left.length,
      };
    },
  );
}

async function withReasons(work: Work<unknown>, place: Place, error: unknown): Promise<unknown> {
  if (!(error instanceof MusterError) || error.problem.code !== 'kubernetes-rollout-failed')
    return error;
  const reasons = await explain(work.cluster.impatient(), [place]).catch(() => []);
  if (reasons.length === 0) return error;
  return new MusterError({
    ...error.problem,
    what: `${error.problem.what.replace(/\.$/, '')}: ${reasons.join('; ')}.`,
  });
}
