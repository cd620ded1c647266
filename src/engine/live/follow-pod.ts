import { createLogTail } from '../../core/live/log-tail.ts';
import { createLogText } from '../../core/live/log-text.ts';
import { plainLine } from '../../core/live/plain-text.ts';
import type { ShownLog } from '../../core/live/view.ts';
import { toProblem } from '../../core/problem.ts';
import { knownSecrets } from '../credentials/known-secrets.ts';
import type { KubernetesConnection } from '../kubernetes/connection.ts';
import { Cluster } from '../kubernetes/objects/cluster.ts';
import { choosePod, containerOf } from '../kubernetes/pods/choose.ts';
import { followLogs } from '../kubernetes/pods/follow-logs.ts';

/** How many of the last lines are there to begin with. */
const TAIL = 500;
/** Of a problem, in characters. */
const LONGEST_WORDS = 4_000;

/** A pod's log while somebody reads it. */
export interface FollowedPod {
  readonly pod: string;
  /** Lines from this number on; `hasMore` where another answer is needed for all of them. */
  read(from: number): ShownLog & { hasMore: boolean };
  close(): void;
}

/**
 * Follows the log of a pod's main container across broken connections; `onChange` is told of each
 * line and each break. Secrets that this process knows are taken out of the stream, also where they
 * go over several lines.
 */
export function followPod(
  connect: () => Promise<KubernetesConnection>,
  namespace: string,
  pod: string,
  onChange: () => void,
): FollowedPod {
  const stop = new AbortController();
  const tail = createLogTail();
  const text = createLogText(knownSecrets.all, tail.add);
  let problem: string | null = null;
  let isEnded = false;
  const follow = async (): Promise<void> => {
    const connection = await connect();
    const cluster = Cluster.of(connection, { signal: stop.signal });
    const place = containerOf(
      await choosePod(cluster, await cluster.place(`pod/${pod}`, namespace)),
      undefined,
    );
    await followLogs(
      connection,
      place,
      { tail: TAIL },
      (line) => {
        problem = null;
        text.add(`${line}\n`);
        onChange();
      },
      stop.signal,
      () => {
        problem = 'No new lines now. It goes on by itself after the last one.';
        onChange();
      },
    );
    problem = null;
  };
  follow()
    .catch((error: unknown) => {
      problem = toProblem(error).what;
    })
    .finally(() => {
      if (stop.signal.aborted) return;
      isEnded = true;
      text.end();
      onChange();
    });
  return {
    pod,
    read(from) {
      const lines = tail.read(from);
      return {
        ...{ pod, ...lines, isEnded },
        open: lines.hasMore ? '' : text.open(),
        problem: problem === null ? null : plainLine(knownSecrets.text(problem), LONGEST_WORDS),
      };
    },
    close: () => stop.abort(new Error('The log is not read any more.')),
  };
}
