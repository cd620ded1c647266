import { z } from 'zod';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { MusterError } from '../../../core/problem.ts';
import { parseDuration } from '../../../core/units.ts';
import { apiVersionOf, pathOf } from '../api/discovery.ts';
import { isStatus } from '../api/problems.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import { type Pod, podSchema } from '../pods/pod.ts';
import { waitUntil } from '../waiting/wait-until.ts';
import { keepState, nodePlace, nodeState, setCordoned, switchBack } from './nodes.ts';
import { record, seconds, type VerbWork, type Work } from './work.ts';

/** Marks a pod that the kubelet runs from a file: the API cannot evict it. */
const MIRROR = 'kubernetes.io/config.mirror';

type Spec = KubernetesSpecOf<'drain'>;

export const drain: VerbWork<Spec> = {
  async preview(work) {
    const place = await nodePlace(work, work.spec.drain);
    await nodeState(work, place);
    const { toGo, toStay } = await sorted(work);
    return {
      text: `Cordons ${describePlace(place)} and evicts ${toGo.length} pods; ${toStay.length} stay.`,
      detail:
        toGo.map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`).join('\n') || null,
      problem: null,
    };
  },

  async act(work) {
    const { cluster, spec } = work;
    const began = Date.now();
    const place = await nodePlace(work, spec.drain);
    const { unschedulable } = await nodeState(work, place);
    record(work, 'before', await cluster.get(place));
    // Looked at before the first change, so that a refusal leaves the node as it is.
    await sorted(work);
    const before = keepState(work, unschedulable, true);
    await setCordoned(work, place, true);
    const { toGo } = await sorted(work);
    await evictAll(work, place, toGo);
    record(work, 'after', await cluster.get(place));
    return {
      summary: `Drained ${describePlace(place)}: ${toGo.length} pods evicted in ${seconds(began)}.`,
      values: { name: spec.drain, count: toGo.length },
      before,
    };
  },

  undo: (work, before) => switchBack(work, work.spec.drain, before, true),
};

/** The pods of the node by what becomes of them. Throws MusterError where one stands against it. */
async function sorted(work: Work<Spec>): Promise<{ toGo: Pod[]; toStay: Pod[] }> {
  const { cluster, spec } = work;
  const resource = await cluster.ofKind('v1', 'Pod');
  const pods = await cluster.list(
    resource,
    null,
    { fieldSelector: `spec.nodeName=${spec.drain}`, labelSelector: spec.selector },
    podSchema,
  );
  const toGo: Pod[] = [];
  const toStay: Pod[] = [];
  const against: string[] = [];
  for (const pod of pods) {
    const { metadata, status } = pod;
    const name = `${metadata.namespace}/${metadata.name}`;
    const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
    const isOver = status.phase === 'Succeeded' || status.phase === 'Failed';
    if (metadata.annotations?.[MIRROR] !== undefined) toStay.push(pod);
    else if (owner?.kind === 'DaemonSet' && !isOver) {
      toStay.push(pod);
      if (spec.daemonsets === 'refuse')
        against.push(`${name} belongs to a DaemonSet (daemonsets: ignore)`);
    } else {
      toGo.push(pod);
      if (isOver) continue;
      if (owner === undefined && spec.unmanaged === 'refuse') {
        against.push(`${name} has no owner that makes it again (unmanaged: delete)`);
      }
      const hasEmptyDir = pod.spec.volumes?.some(({ emptyDir }) => emptyDir != null) === true;
      if (hasEmptyDir && spec['empty-dirs'] === 'refuse') {
        against.push(`${name} has data in an emptyDir (empty-dirs: delete)`);
      }
    }
  }
  if (against.length === 0) return { toGo, toStay };
  throw new MusterError({
    code: 'kubernetes-drain-refused',
    what: `Node ${spec.drain} is not drained: ${against.slice(0, 5).join('; ')}${against.length > 5 ? ` and ${against.length - 5} more` : ''}.`,
    safe: 'The node was not cordoned by this and no pod was evicted.',
    next: 'Move what must be kept, or allow it with the option that is named, then retry.',
  });
}

async function evictAll(work: Work<Spec>, node: Place, pods: readonly Pod[]): Promise<void> {
  const { context, cluster } = work;
  const resource = await cluster.ofKind('v1', 'Pod');
  const left = new Map(pods.map((pod) => [pod.metadata.uid, pod]));
  const asked = new Set<string | undefined>();
  let held = '';
  await waitUntil(
    context,
    cluster,
    describePlace(node),
    () => [...left.values()].map((pod) => placeOf(resource, pod)),
    async () => {
      for (const [uid, pod] of left) {
        const place = placeOf(resource, pod);
        if (!asked.has(uid)) {
          const answer = await evict(work, place, pod);
          if (answer === 'asked') asked.add(uid);
          else if (answer === 'gone') left.delete(uid);
          else if (held !== answer) {
            held = answer;
            context.log(`${describePlace(place)} waits: ${answer}`);
          }
          continue;
        }
        const now = await cluster.find(place);
        if (now === null || now.metadata.uid !== uid) left.delete(uid);
      }
      const waiting = [...left.keys()].filter((uid) => !asked.has(uid)).length;
      return {
        isDone: left.size === 0,
        label:
          waiting > 0
            ? `${left.size} pods left, ${waiting} of them held back (${held})`
            : `${left.size} pods left`,
        done: pods.length - left.size,
        total: pods.length,
      };
    },
  );
}

function placeOf(resource: Place['resource'], { metadata }: Pod): Place {
  return { resource, namespace: metadata.namespace ?? '', name: metadata.name };
}

/**
 * Evicts one pod where the cluster serves evictions, otherwise deletes it. A disruption budget that
 * holds it back is answered with its words: it is tried again.
 */
async function evict(work: Work<Spec>, place: Place, pod: Pod): Promise<'asked' | 'gone' | string> {
  const { cluster, context, spec } = work;
  const graceMs = spec.grace === undefined ? null : parseDuration(spec.grace);
  const graceSeconds = graceMs === null ? undefined : Math.round(graceMs / 1000);
  const doing = `evict ${describePlace(place)}`;
  if (!place.resource.subresources.has('eviction')) {
    const isThere = await cluster.remove(place, pod.metadata.uid, {
      doing,
      ...(graceSeconds !== undefined && { graceSeconds }),
    });
    return isThere ? 'asked' : 'gone';
  }
  const [budget] = await cluster.versionsOf('policy', 'poddisruptionbudgets');
  try {
    await cluster.client.change(`${pathOf(place.resource, place.namespace, place.name)}/eviction`, {
      method: 'POST',
      // The version that the cluster serves budgets in is the one that it takes evictions in.
      body: {
        apiVersion: budget === undefined ? 'policy/v1' : apiVersionOf(budget),
        kind: 'Eviction',
        metadata: { name: place.name, namespace: place.namespace },
        deleteOptions: {
          preconditions: { uid: pod.metadata.uid },
          ...(graceSeconds !== undefined && { gracePeriodSeconds: graceSeconds }),
        },
      },
      doing,
      signal: context.signal,
      schema: z.unknown(),
      retriesBusy: false,
      lookUp: async () => {
        const now = await cluster.find(place);
        const isGoing =
          now === null ||
          now.metadata.uid !== pod.metadata.uid ||
          now.metadata.deletionTimestamp != null;
        return isGoing ? { isGoing } : null;
      },
    });
    return 'asked';
  } catch (error) {
    if (isStatus(error, 404)) return 'gone';
    if (isStatus(error, 409))
      return (await cluster.find(place))?.metadata.uid === pod.metadata.uid
        ? error.message
        : 'gone';
    if (isStatus(error, 429))
      return error.said.details?.causes?.[0]?.message ?? error.said.message ?? error.message;
    throw error;
  }
}
