import { z } from 'zod';
import { formatDuration } from '../../../core/units.ts';
import type { Cluster, Place } from '../objects/cluster.ts';
import { type KubeObject, ownerOf } from '../objects/object.ts';
import { selectorOf } from '../objects/selectors.ts';
import { conditionSchema, type Pod, podSchema, podState } from '../pods/pod.ts';
import { type ObjectEvent, warningsOf } from './events.ts';

/** More reasons than this only repeat themselves. */
const MOST_REASONS = 4;

const conditionedSchema = z.looseObject({
  status: z.looseObject({ conditions: z.array(conditionSchema).nullish() }).nullish(),
});

/**
 * Why these objects are not as they should be, from their pods, conditions, nodes and events: "ImagePullBackOff
 * on pod orders-0 for 40 s: Back-off pulling image". Empty where the cluster gives no reason.
 */
export async function explain(cluster: Cluster, places: readonly Place[]): Promise<string[]> {
  const reasons: string[] = [];
  for (const place of places.slice(0, 10)) {
    const object = await cluster.find(place);
    if (object !== null) reasons.push(...(await reasonsFor(cluster, place, object)));
    if (reasons.length >= MOST_REASONS) break;
  }
  return [...new Set(reasons)].slice(0, MOST_REASONS);
}

async function reasonsFor(cluster: Cluster, place: Place, object: KubeObject): Promise<string[]> {
  const now = Date.now();
  const pods = await podsBelow(cluster, place, object);
  const isGoing = object.metadata.deletionTimestamp != null;
  const stuck = pods.filter((pod) => {
    const { isReady, isComplete } = podState(pod);
    return isGoing || (!isReady && !isComplete);
  });
  const uids = new Set(
    [object, ...stuck]
      .flatMap((one) => [one.metadata.uid, ownerOf(one)])
      .filter((uid) => uid !== undefined),
  );
  const warnings = await warningsOf(cluster, place.namespace, uids).catch(() => []);
  const nodes = await lostNodes(cluster, stuck);
  const ofPods = stuck.map((pod) => podReason(pod, warnings, nodes, now));
  // What has no pods at all says why in its own conditions and events, such as an exceeded quota.
  const podUids = new Set(stuck.map((pod) => pod.metadata.uid));
  const own = warnings.find(({ uid }) => !podUids.has(uid ?? undefined));
  const ofObject = [
    ...going(object, place),
    ...conditionsOf(object),
    ...(ofPods.length === 0 && own ? [`${own.reason} on ${own.object}: ${own.message}`] : []),
  ];
  return [...ofPods, ...ofObject];
}

function podReason(
  pod: Pod,
  warnings: readonly ObjectEvent[],
  lost: ReadonlyMap<string, string>,
  now: number,
): string {
  const { reason, message, notReadySince } = podState(pod);
  const since =
    notReadySince === null ? '' : ` for ${formatDuration(Math.max(0, now - notReadySince))}`;
  const node = lost.get(pod.spec.nodeName ?? '');
  const event = warnings.find(({ uid }) => uid === pod.metadata.uid);
  const shownReason = reason === 'Running' ? 'Not ready' : reason;
  // A container that runs and is not ready fails its probe: only the event says so.
  const why = node ?? (reason === 'Running' || message === null ? event?.message : message);
  return `${shownReason} on pod ${pod.metadata.name}${since}${why ? `: ${oneLine(why)}` : ''}`;
}

/** Pods that a workload, a job, a service or a node's object stands for. */
async function podsBelow(cluster: Cluster, place: Place, object: KubeObject): Promise<Pod[]> {
  if (place.resource.name === 'pods') {
    const pod = await cluster.find(place, podSchema);
    return pod === null ? [] : [pod];
  }
  const selector = selectorOf(object);
  if (selector === null) return [];
  const pods = await cluster.ofKind('v1', 'Pod');
  return cluster.list(pods, place.namespace, { labelSelector: selector }, podSchema);
}

/** Nodes of these pods that do not answer, with a word on it. */
async function lostNodes(cluster: Cluster, pods: readonly Pod[]): Promise<Map<string, string>> {
  const names = new Set(pods.map((pod) => pod.spec.nodeName).filter((name) => name !== undefined));
  const resource = await cluster.ofKind('v1', 'Node');
  const lost = new Map<string, string>();
  for (const name of [...names].slice(0, 5)) {
    const node = await cluster
      .find({ resource, namespace: null, name }, conditionedSchema)
      // An account that may not read nodes still learns the rest.
      .catch(() => null);
    const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready && ready.status !== 'True') {
      lost.set(name, `its node ${name} does not answer (${ready.reason ?? 'not ready'})`);
    }
  }
  return lost;
}

function going(object: KubeObject, place: Place): string[] {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp == null) return [];
  const since = formatDuration(Math.max(0, Date.now() - Date.parse(deletionTimestamp)));
  const held = finalizers.length > 0 ? `, held by ${finalizers.join(', ')}` : '';
  return [`${place.resource.singular}/${place.name} is being deleted since ${since}${held}`];
}

/** Conditions whose False or True is bad news. */
function conditionsOf(object: KubeObject): string[] {
  const read = conditionedSchema.safeParse(object);
  const conditions = read.success ? (read.data.status?.conditions ?? []) : [];
  return conditions
    .filter(
      ({ type, status }) =>
        (/Failure|Failed|Pressure|NamesConflict/.test(type) && status === 'True') ||
        (type === 'Progressing' && status === 'False') ||
        (/^NamespaceDeletion|^NamespaceFinalizers|^NamespaceContent/.test(type) &&
          status === 'True'),
    )
    .map(
      ({ reason, type, message }) => `${reason ?? type}${message ? `: ${oneLine(message)}` : ''}`,
    );
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
