import { MOST_OBJECTS, shownObjects, shownWorkloads } from '../../core/live/shown.ts';
import type { LiveLink, LiveView } from '../../core/live/view.ts';
import type { ObjectPlace } from '../../core/objects/uri.ts';
import { knownSecrets } from '../credentials/known-secrets.ts';
import type { KubernetesConnection } from '../kubernetes/connection.ts';
import { watchWorkloads } from '../kubernetes/watch/workloads.ts';
import type { ObjectStore } from '../objects/store.ts';
import { watchPrefix } from '../objects/watch-prefix.ts';
import type { OpenTarget } from '../targets/bound-target.ts';
import { type FollowedPod, followPod } from './follow-pod.ts';
import { keepWatching, SELDOM, USUAL } from './keep-watching.ts';

/** A target while somebody looks at it. */
export interface Look {
  /** What is known, with the followed log from this line on. */
  view(logFrom: number): Omit<LiveView, 'run' | 'role' | 'isOver'>;
  /** True where the followed log has more than the last view took. */
  readonly hasMoreLog: boolean;
  /** Follows the log of this pod and of no other; null of none. */
  follow(pod: string | null): void;
  /** Ends watches and connections. What is known stays. */
  close(): void;
}

export interface LookOptions {
  /** False: only whether it answers, now and then; nothing in it is read. */
  all: boolean;
  hasCluster: boolean;
  hasStore: boolean;
  /** Where the backups are, as far as the run knows by now. */
  prefix(): ObjectPlace | null;
  onChange(): void;
}

/** Watches a target: its namespace, its backups, and whether it answers. Takes the target over. */
export function openLook(target: OpenTarget, options: LookOptions): Look {
  const { onChange } = options;
  const stop = new AbortController();
  const hide = knownSecrets.text;
  const hidden = ({ at, problem }: LiveLink): LiveLink => ({
    at,
    problem: problem && {
      code: problem.code,
      what: hide(problem.what),
      next: hide(problem.next),
    },
  });
  // Whether a store answers only a look into it can tell. Beside a cluster that is not worth one.
  const hasStore = options.hasStore && (options.all || !options.hasCluster);
  const nothing: LiveLink = { at: null, problem: null };
  let cluster = options.hasCluster ? nothing : null;
  let store = nothing;
  let workloads: LiveView['workloads'] = null;
  let objects: LiveView['objects'] = null;
  let namespace = target.namespace ?? 'default';
  let log: FollowedPod | null = null;
  let hasMoreLog = false;

  if (options.hasCluster) {
    void keepWatching<KubernetesConnection>(
      {
        prove: () => target.kubernetes(),
        async watch(connection, signal) {
          if (!options.all) return;
          namespace = connection.namespace;
          await watchWorkloads(
            connection,
            [namespace],
            (view) => {
              workloads = shownWorkloads(view, namespace, hide);
              onChange();
            },
            signal,
          );
        },
        onLink(link) {
          cluster = hidden(link);
          onChange();
        },
      },
      stop.signal,
      options.all ? USUAL : SELDOM,
    );
  }
  if (hasStore) {
    void keepWatching<WatchedPlace>(
      {
        prove: placesOf(target, options.prefix),
        async watch({ place, opened }, signal) {
          if (place === null) return;
          await watchPrefix(
            opened,
            place.bucket,
            place.key,
            (seen) => {
              objects = shownObjects(place, seen, hide);
              const { problem } = seen;
              store = { ...store, problem: problem && hidden({ at: null, problem }).problem };
              onChange();
            },
            signal,
            {
              most: MOST_OBJECTS,
              // That it can be opened proves nothing yet: a look into it does.
              onRead(at) {
                store = { at: at.getTime(), problem: null };
                onChange();
              },
            },
          );
        },
        onLink({ problem }) {
          if (problem === null) return;
          store = { ...store, problem: hidden({ at: null, problem }).problem };
          onChange();
        },
      },
      stop.signal,
    );
  }

  return {
    view(logFrom) {
      const read = log?.read(logFrom) ?? null;
      hasMoreLog = read?.hasMore ?? false;
      const seen = {
        cluster,
        store: hasStore && options.prefix() !== null ? store : null,
        workloads,
        objects,
      };
      if (read === null) return { ...seen, log: null };
      const { hasMore: _, ...shown } = read;
      return { ...seen, log: shown };
    },
    get hasMoreLog() {
      return hasMoreLog;
    },
    follow(pod) {
      log?.close();
      log =
        pod === null || stop.signal.aborted
          ? null
          : followPod(() => target.kubernetes(), namespace, pod, onChange);
      onChange();
    },
    close() {
      if (stop.signal.aborted) return;
      stop.abort(new Error('Nobody looks any more.'));
      log?.close();
      target.close();
    },
  };
}

interface WatchedPlace {
  opened: ObjectStore;
  place: ObjectPlace | null;
}

/** The store and the prefix together: where either is another one, the watch begins anew. */
function placesOf(
  target: OpenTarget,
  prefix: () => ObjectPlace | null,
): () => Promise<WatchedPlace> {
  let last: WatchedPlace | null = null;
  return async () => {
    const opened = await target.objectStore();
    const place = prefix();
    const isSame =
      last?.opened === opened &&
      last.place?.bucket === place?.bucket &&
      last.place?.key === place?.key;
    if (last === null || !isSame) last = { opened, place };
    return last;
  };
}
