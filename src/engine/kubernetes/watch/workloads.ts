import type { z } from 'zod';
import type {
  EventView,
  PodView,
  WorkloadsView,
  WorkloadView,
} from '../../../core/kubernetes/workloads-view.ts';
import { MusterError } from '../../../core/problem.ts';
import type { KubernetesConnection } from '../connection.ts';
import { Cluster } from '../objects/cluster.ts';
import { type KubeObject, objectSchema } from '../objects/object.ts';
import { podSchema, podState } from '../pods/pod.ts';
import { readiness, workloadSchema } from '../rollout/status.ts';
import { asEvent, eventSchema } from '../waiting/events.ts';
import { reflect } from './reflect.ts';

/** More than this is not held: what a person can look at is far less. */
const MOST_PODS = 5_000;
const MOST_WORKLOADS = 2_000;
const MOST_EVENTS = 100;
/** Many changes at once are told together, after so long, in ms. */
const TOGETHER_MS = 250;
/** A message is cut, in characters. */
const LONGEST_MESSAGE = 300;

const workloadKinds = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'];

/** What of a pod, a workload or a ReplicaSet is held; the objects themselves are not. */
interface HeldPod extends Omit<PodView, 'workload'> {
  owner: string | null;
}

/**
 * Watches the workloads, pods and events of these namespaces and tells each change, at most four
 * times a second, until the signal says so. When the network goes, the last known state stays, with
 * its time and the reason. Resolves at the signal. Throws MusterError where nothing may be read.
 */
export async function watchWorkloads(
  connection: KubernetesConnection,
  namespaces: readonly string[],
  onChange: (view: WorkloadsView) => void,
  signal: AbortSignal,
): Promise<void> {
  const cluster = Cluster.of(connection, { signal });
  const held = new Held(onChange, signal);
  const podResource = await cluster.named('pods');
  const eventResource = await cluster.ofKind('v1', 'Event');
  const setResource = await cluster.named('replicasets.apps');
  const watches: Promise<void>[] = [];
  const refusals: unknown[] = [];
  const start = <T, V>(
    name: string,
    resource: Parameters<typeof reflect>[1],
    namespace: string,
    schema: z.ZodType<T>,
    store: Map<string, V>,
    most: number,
    view: (item: T) => V,
  ): void => {
    const prefix = `${name}:`;
    const source = `${name} in ${namespace}`;
    const put = (key: string, item: T): void => {
      if (store.size < most || store.has(prefix + key)) store.set(prefix + key, view(item));
      else held.isCut = true;
    };
    const watch = reflect(
      connection,
      resource,
      namespace,
      schema,
      {
        onList(items) {
          for (const key of store.keys()) {
            const isOurs = key.startsWith(`${prefix}${namespace}/`);
            if (isOurs && !items.has(key.slice(prefix.length))) store.delete(key);
          }
          for (const [key, item] of items) put(key, item);
          held.changed();
        },
        onPut(key, item) {
          put(key, item);
          held.changed();
        },
        onGone(key) {
          store.delete(prefix + key);
          held.changed();
        },
        onState: (problem) => held.state(source, problem),
      },
      signal,
    );
    watches.push(
      watch.catch((error: unknown) => {
        refusals.push(error);
        held.state(source, error instanceof Error ? error.message : String(error));
      }),
    );
  };

  for (const namespace of namespaces) {
    start('pod', podResource, namespace, podSchema, held.pods, MOST_PODS, podView);
    // A pod's owner is a ReplicaSet; it is held only to name the Deployment.
    start('set', setResource, namespace, objectSchema, held.owners, MOST_PODS, ownerView);
    start('event', eventResource, namespace, eventSchema, held.events, MOST_EVENTS * 20, (raw) =>
      eventView(namespace, asEvent(raw)),
    );
    for (const kind of workloadKinds) {
      const resource = await cluster.named(kind);
      start(
        resource.name,
        resource,
        namespace,
        workloadSchema,
        held.workloads,
        MOST_WORKLOADS,
        (item) => workloadView({ ...item, kind: resource.kind }),
      );
    }
  }
  await Promise.all(watches);
  held.close();
  // Some may be forbidden while others are not; where all are, there is nothing to show.
  const [first] = refusals;
  if (refusals.length === watches.length && first instanceof MusterError) throw first;
}

class Held {
  readonly pods = new Map<string, HeldPod>();
  /** Of each ReplicaSet, whose it is: `deployment/orders`. */
  readonly owners = new Map<string, string | null>();
  readonly workloads = new Map<string, WorkloadView>();
  readonly events = new Map<string, EventView>();
  isCut = false;
  readonly #problems = new Map<string, string>();
  readonly #onChange: (view: WorkloadsView) => void;
  readonly #signal: AbortSignal;
  #timer: NodeJS.Timeout | undefined;
  #freshAt = Date.now();

  constructor(onChange: (view: WorkloadsView) => void, signal: AbortSignal) {
    this.#onChange = onChange;
    this.#signal = signal;
  }

  changed(): void {
    if (this.#signal.aborted) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (!this.#signal.aborted) this.#onChange(this.#view());
    }, TOGETHER_MS);
  }

  /** A source is fresh again, or not any more. */
  state(source: string, problem: string | null): void {
    const before = this.#problems.get(source) ?? null;
    if (problem === null) this.#problems.delete(source);
    else {
      // From here on nothing new is known: this is the time that the state is of.
      if (this.#problems.size === 0) this.#freshAt = Date.now();
      this.#problems.set(source, problem);
    }
    if (before !== problem) this.changed();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #view(): WorkloadsView {
    const [problem = null] = this.#problems.values();
    this.#trimEvents();
    return {
      workloads: [...this.workloads.values()].sort(byName),
      pods: [...this.pods.values()]
        .map(({ owner, ...pod }) => ({ ...pod, workload: this.#workloadOf(owner) }))
        .sort(byName),
      events: [...this.events.values()].sort((a, b) => b.at - a.at).slice(0, MOST_EVENTS),
      isCut: this.isCut,
      at: problem === null ? Date.now() : this.#freshAt,
      problem,
    };
  }

  /** Events are many and short-lived: only the newest are held. */
  #trimEvents(): void {
    if (this.events.size <= MOST_EVENTS * 10) return;
    const byAge = [...this.events].sort(([, a], [, b]) => b.at - a.at);
    for (const [key] of byAge.slice(MOST_EVENTS)) this.events.delete(key);
  }

  /** `replicaset/x-7d9f` becomes `deployment/x`. */
  #workloadOf(owner: string | null): string | null {
    if (owner === null || !owner.startsWith('replicaset/')) return owner;
    const [namespace = '', name = ''] = owner.slice('replicaset/'.length).split('/');
    return this.owners.get(`set:${namespace}/${name}`) ?? `replicaset/${name}`;
  }
}

function podView(pod: z.output<typeof podSchema>): HeldPod {
  const { namespace = '', name, creationTimestamp } = pod.metadata;
  const owner = controllerOf(pod);
  const state = podState(pod);
  return {
    ...state,
    message: cut(state.message),
    namespace,
    name,
    createdAt: timeOf(creationTimestamp),
    node: pod.spec.nodeName ?? null,
    owner:
      owner === undefined
        ? null
        : owner.kind === 'ReplicaSet'
          ? `replicaset/${namespace}/${owner.name}`
          : `${owner.kind.toLowerCase()}/${owner.name}`,
  };
}

function ownerView(set: KubeObject): string | null {
  const owner = controllerOf(set);
  return owner ? `${owner.kind.toLowerCase()}/${owner.name}` : null;
}

function workloadView(workload: z.output<typeof workloadSchema>): WorkloadView {
  const { namespace = '', name, creationTimestamp } = workload.metadata;
  const bad = workload.status?.conditions?.find(
    ({ type, status }) =>
      (type === 'ReplicaFailure' && status === 'True') ||
      (type === 'Progressing' && status === 'False'),
  );
  return {
    namespace,
    name: `${workload.kind?.toLowerCase() ?? 'workload'}/${name}`,
    ...readiness(workload),
    problem: bad ? cut(bad.message ?? bad.reason ?? bad.type) : null,
    createdAt: timeOf(creationTimestamp),
  };
}

function eventView(namespace: string, event: ReturnType<typeof asEvent>): EventView {
  const { object, isWarning, reason, message, count, at } = event;
  return { namespace, object, isWarning, reason, message: cut(message) ?? '', count, at };
}

function controllerOf(object: KubeObject) {
  return object.metadata.ownerReferences?.find(({ controller }) => controller === true);
}

function timeOf(text: string | null | undefined): number {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? 0 : at;
}

function cut(text: string | null): string | null {
  return text !== null && text.length > LONGEST_MESSAGE
    ? `${text.slice(0, LONGEST_MESSAGE)}…`
    : text;
}

function byName<T extends { namespace: string; name: string }>(a: T, b: T): number {
  return a.namespace < b.namespace ? -1 : a.namespace > b.namespace ? 1 : a.name < b.name ? -1 : 1;
}
