import { setTimeout as pause } from 'node:timers/promises';
import type { Done, Preview, StepContext } from '../../steps/structured.ts';
import type { KubernetesConnection } from '../connection.ts';
import { type Asked, Cluster, describePlace, type Place } from '../objects/cluster.ts';
import { type KubeObject, nameOf } from '../objects/object.ts';
import { shown } from '../objects/shown.ts';
import { deadlineOf } from '../waiting/wait-until.ts';

/** What one attempt of a verb works with. */
export interface Work<S> {
  spec: S;
  context: StepContext<unknown>;
  connection: KubernetesConnection;
  cluster: Cluster;
  /** How patiently the cluster is asked, and that the step's log says what is waited for. */
  asked: Asked;
  /** The step's namespace, or the target's. */
  namespace: string;
}

/** How a verb is carried out. One file a verb or a family of verbs, one line in `verbs.ts`. */
export interface VerbWork<S> {
  preview(work: Work<S>): Promise<Preview>;
  act(work: Work<S>): Promise<Done>;
  undo?(work: Work<S>, before: unknown): Promise<Done>;
}

/** Connects to the step's target. Throws MusterError. */
export async function openWork<S>(
  context: StepContext<unknown>,
  spec: S & { namespace?: string | undefined },
): Promise<Work<S>> {
  const target = context.target();
  const connection = await target.kubernetes();
  let told = '';
  const asked: Asked = {
    signal: context.signal,
    until: deadlineOf(context.step.timeoutMs, Date.now()),
    onRetry(why) {
      if (why !== told) context.log(`${why} Trying again.`);
      told = why;
    },
  };
  return {
    spec,
    context,
    connection,
    cluster: Cluster.of(connection, asked),
    asked,
    namespace: spec.namespace ?? target.namespace ?? connection.namespace,
  };
}

/** The places of `deployment/orders` and its like, and of all that a selector chooses of a kind. */
export async function placesOf(
  work: Work<unknown>,
  texts: readonly string[],
  selector?: string,
): Promise<Place[]> {
  const { cluster, namespace } = work;
  const found = await Promise.all(
    texts.map(async (text): Promise<Place[]> => {
      const place = await cluster.place(text, namespace);
      if (place.name !== '') return [place];
      const items = await cluster.list(place.resource, place.namespace, {
        labelSelector: selector,
      });
      return items.map(({ metadata }) => ({
        resource: place.resource,
        namespace: metadata.namespace ?? null,
        name: metadata.name,
      }));
    }),
  );
  return found.flat();
}

/** Puts an object into the record, as it may be shown. */
export function record(work: Work<unknown>, when: 'before' | 'after', object: KubeObject): void {
  work.context.evidence({
    name: `${when}: ${nameOf(object)}`,
    mediaType: 'application/json',
    content: JSON.stringify(shown(object), null, 2),
  });
}

/** `deployment/orders in shop` for one, `3 objects` for more. */
export function these(places: readonly Place[]): string {
  const [only] = places;
  if (only !== undefined && places.length === 1) return describePlace(only);
  return `${places.length} objects`;
}

export function plain(text: string): Preview {
  return { text, detail: null, problem: null };
}

export function seconds(began: number): string {
  const ms = Date.now() - began;
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** Does `each` for all, so many at once, and stops at the first that fails. */
export async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  each: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const index = next;
      next += 1;
      const item = items[index];
      if (item === undefined) return;
      await each(item, index).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, worker);
  // All are waited for, so that nothing goes on behind a failure.
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** A pause that ends with the step. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
