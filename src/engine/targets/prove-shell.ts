import { type Problem, toProblem } from '../../core/problem.ts';
import { type IdentityPart, identityKey } from '../../core/targets/identity.ts';
import type { Target } from '../../core/targets/target.ts';
import type { AwsContext } from '../credentials/aws.ts';
import { connect } from '../kubernetes/connection.ts';
import { openPlace } from './places.ts';
import { clusterPart, storePart } from './probes.ts';

/** How long the systems behind a shell have to say who they are, in ms: each shell step waits for it. */
const PROOF_MS = 3_000;

/** What reaches nobody, or nobody that lets us in: a shell can do no harm there. */
const NOT_REACHED = new Set([
  'kubernetes-unreachable',
  'kubernetes-silent',
  'kubernetes-broken-off',
  'kubernetes-plugin-failed',
  'kubernetes-unauthorized',
  'store-unreachable',
  'store-silent',
  'store-keys-refused',
  'aws-credentials',
]);

/**
 * Asks the systems that a shell under the target is led to who they are: the cluster by way of
 * `kubeconfig`, the very file that the shell gets. `prove` throws MusterError for another identity.
 * Rejects with MusterError where another one answers, or where one answers that is pinned and does
 * not prove itself; resolves with why the others were not reached.
 */
export async function proveShell(
  { target, context, kubeconfig }: { target: Target; context: AwsContext; kubeconfig: string },
  pinned: readonly IdentityPart[],
  prove: (seen: IdentityPart) => void,
): Promise<Problem[]> {
  const signal = AbortSignal.timeout(PROOF_MS);
  const isPinned = (key: string): boolean => pinned.some((part) => identityKey(part) === key);
  const ask = async (key: string, who: () => Promise<IdentityPart>): Promise<Problem[]> => {
    try {
      prove(await who());
      return [];
    } catch (error) {
      const problem = signal.aborted ? noAnswerInTime(key) : toProblem(error);
      const isStranger =
        problem.code === 'target-mismatch' || (isPinned(key) && !NOT_REACHED.has(problem.code));
      if (isStranger && !signal.aborted) throw error;
      return [problem];
    }
  };
  const { kubernetes, objectStore } = target;
  const found = await Promise.all([
    kubernetes === null
      ? []
      : ask('cluster', async () => {
          const sources = { env: { ...context.env, KUBECONFIG: kubeconfig }, home: context.home };
          const connection = connect({ ...sources, added: [] }, kubernetes.context);
          try {
            return await clusterPart(connection, signal);
          } finally {
            connection.close();
          }
        }),
    objectStore === null
      ? []
      : ask('object-store', async () => {
          const store = await openPlace(objectStore, context);
          try {
            return await storePart(store, objectStore, signal);
          } finally {
            store.close();
          }
        }),
  ]);
  return found.flat();
}

function noAnswerInTime(key: string): Problem {
  return {
    code: 'target-silent',
    what: `The ${key === 'cluster' ? 'cluster' : 'object store'} of the target did not say within ${PROOF_MS / 1000} s who it is.`,
    safe: 'It was only asked.',
    next: 'Check the network and the system itself.',
  };
}
