import type {
  EventView,
  PodView,
  WorkloadsView,
  WorkloadView,
} from '../kubernetes/workloads-view.ts';
import { baseName, formatObjectUri, type ObjectPlace } from '../objects/uri.ts';
import { plainText } from './plain-text.ts';
import type { ShownObjects, ShownPod, ShownWorkload, ShownWorkloads } from './view.ts';

/** What is shown of a namespace and of a prefix at most: enough for a person, small for a message. */
export const MOST_WORKLOADS = 60;
export const MOST_PODS = 120;
export const MOST_OBJECTS = 40;
/** In characters. */
const LONGEST_NAME = 253;
const LONGEST_KEY = 200;
const LONGEST_WORDS = 200;

/** Takes secrets out of a text. */
export type Hide = (text: string) => string;

/** What of a namespace is shown, by name. Where there is more than is shown, what ails comes first. */
export function shownWorkloads(view: WorkloadsView, namespace: string, hide: Hide): ShownWorkloads {
  const events = newestEvents(view.events);
  const workloads = chosen(view.workloads, MOST_WORKLOADS, isWorkloadWell);
  const pods = chosen(view.pods, MOST_PODS, isPodWell);
  const words = (text: string): string => plainText(hide(text), LONGEST_WORDS);
  return {
    namespace,
    workloads: workloads.map(
      (one): ShownWorkload => ({
        name: plainText(one.name, LONGEST_NAME),
        ready: one.ready,
        desired: one.desired,
        problem: one.problem === null ? null : words(one.problem),
        event: shownEvent(events.get(one.name), words),
      }),
    ),
    pods: pods.map(
      (one): ShownPod => ({
        name: plainText(one.name, LONGEST_NAME),
        reason: words(one.reason),
        message: one.message === null ? null : words(one.message),
        ready: one.ready,
        containers: one.containers,
        restarts: one.restarts,
        isWell: isPodWell(one),
        notReadySince: one.notReadySince,
        event: shownEvent(events.get(`pod/${one.name}`), words),
      }),
    ),
    moreWorkloads: view.workloads.length - workloads.length,
    morePods: view.pods.length - pods.length,
    at: view.at,
    problem: view.problem === null ? null : words(view.problem),
  };
}

/** What of a prefix is shown. */
export function shownObjects(
  place: ObjectPlace,
  seen: {
    newest: readonly { key: string; size: number; modified: Date }[];
    more: number;
    total: number;
    readAt: Date | null;
    problem: { what: string } | null;
  },
  hide: Hide,
): ShownObjects {
  const { newest, more, total, readAt, problem } = seen;
  const shown = newest.slice(0, MOST_OBJECTS);
  return {
    prefix: plainText(hide(formatObjectUri(place)), LONGEST_KEY),
    newest: shown.map(({ key, size, modified }) => ({
      key: plainText(hide(fromPrefix(key, place.key)), LONGEST_KEY),
      size,
      modified: modified.getTime(),
    })),
    more: more + newest.length - shown.length,
    total,
    at: readAt?.getTime() ?? null,
    problem: problem === null ? null : plainText(hide(problem.what), LONGEST_WORDS),
  };
}

function fromPrefix(key: string, prefix: string): string {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  return key.startsWith(folder) && key.length > folder.length
    ? key.slice(folder.length)
    : baseName(key);
}

function isWorkloadWell({ ready, desired, problem }: WorkloadView): boolean {
  return problem === null && ready >= desired;
}

function isPodWell({ isReady, isComplete }: PodView): boolean {
  return isReady || isComplete;
}

/** At most so many, in their order; those that ail before those that do not. */
function chosen<T>(all: readonly T[], most: number, isWell: (one: T) => boolean): readonly T[] {
  if (all.length <= most) return all;
  const first = [...all.filter((one) => !isWell(one)), ...all.filter(isWell)].slice(0, most);
  const kept = new Set(first);
  return all.filter((one) => kept.has(one));
}

/** Of each object its newest event; the list has the newest first. */
function newestEvents(events: readonly EventView[]): ReadonlyMap<string, EventView> {
  const newest = new Map<string, EventView>();
  for (const event of events) if (!newest.has(event.object)) newest.set(event.object, event);
  return newest;
}

function shownEvent(event: EventView | undefined, words: Hide): ShownPod['event'] {
  if (event === undefined) return null;
  const { isWarning, reason, message, count, at } = event;
  return { isWarning, reason: words(reason), message: words(message), count, at };
}
