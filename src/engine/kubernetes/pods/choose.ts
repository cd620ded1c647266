import { MusterError } from '../../../core/problem.ts';
import type { Cluster, Place } from '../objects/cluster.ts';
import { selectorOf } from '../objects/selectors.ts';
import { type Pod, podSchema, podState } from './pod.ts';
import type { PodPlace } from './run.ts';

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** The pods behind an object: itself where it is one, otherwise those its selector chooses. */
export async function podsOf(cluster: Cluster, place: Place): Promise<Pod[]> {
  if (place.resource.name === 'pods') return [await cluster.get(place, podSchema)];
  const object = await cluster.get(place);
  const selector = selectorOf(object);
  if (selector === null) {
    throw new MusterError({
      code: 'kubernetes-no-pods',
      what: `${place.resource.singular}/${place.name} has no pods of its own.`,
      safe: 'Nothing was changed.',
      next: 'Name a pod, or a workload or a service that has pods.',
    });
  }
  const pods = await cluster.named('pods');
  return cluster.list(pods, place.namespace, { labelSelector: selector }, podSchema);
}

/** One pod to go into: a ready one, and always the same one as long as it is ready. */
export async function choosePod(cluster: Cluster, place: Place): Promise<Pod> {
  const pods = await podsOf(cluster, place);
  const byName = pods.sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  const isRunning = (pod: Pod): boolean =>
    pod.status.phase === 'Running' && pod.metadata.deletionTimestamp == null;
  const found =
    byName.find((pod) => podState(pod).isReady) ??
    byName.find(isRunning) ??
    (place.resource.name === 'pods' ? byName[0] : undefined);
  if (found) return found;
  const states = byName.slice(0, 5).map((pod) => `${pod.metadata.name} is ${podState(pod).reason}`);
  throw new MusterError({
    code: 'kubernetes-no-pod-running',
    what: `No pod of ${place.resource.singular}/${place.name} is running${states.length > 0 ? `: ${states.join(', ')}` : ''}.`,
    safe: 'Nothing was changed.',
    next: 'Start it or wait until one of its pods runs, then retry.',
  });
}

/** The container to go into. Throws MusterError where the pod has none of that name. */
export function containerOf(pod: Pod, wanted: string | undefined): PodPlace {
  const names = pod.spec.containers.map(({ name }) => name);
  const all = [...names, ...(pod.spec.initContainers ?? []).map(({ name }) => name)];
  const name = wanted ?? pod.metadata.annotations?.[DEFAULT_CONTAINER] ?? names[0] ?? '';
  if (!all.includes(name)) {
    throw new MusterError({
      code: 'kubernetes-container-missing',
      what: `pod/${pod.metadata.name} has no container ${name}; it has ${all.join(', ')}.`,
      safe: 'Nothing was changed.',
      next: 'Correct the name of the container, then retry.',
    });
  }
  return { namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name, container: name };
}
