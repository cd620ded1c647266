import { setTimeout as pause } from 'node:timers/promises';
import { MusterError } from '../../../core/problem.ts';
import { isStatus } from '../api/problems.ts';
import { asFailure } from '../api/wire.ts';
import type { KubernetesConnection } from '../connection.ts';
import { type LogOptions, logLines } from './logs.ts';
import type { PodPlace } from './run.ts';

const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 10_000;

/**
 * A container's log line by line, for as long as it is wanted, across broken connections: it goes on
 * after the last line that was told, by the times that the cluster puts on its lines. Resolves when
 * the container has ended. Rejects with MusterError where the pod is gone or may not be read, and
 * with the signal's reason.
 */
export async function followLogs(
  connection: KubernetesConnection,
  place: PodPlace,
  options: Pick<LogOptions, 'tail' | 'sinceSeconds' | 'onRetry'>,
  onLine: (line: string) => void,
  signal: AbortSignal,
  onBreak: (why: string) => void = () => undefined,
): Promise<void> {
  const { onRetry, ...range } = options;
  let last: { time: string; seen: Set<string> } | null = null;
  let wait = FIRST_PAUSE_MS;
  for (;;) {
    const from: LogOptions = last === null ? range : { sinceTime: wholeSecond(last.time) };
    const began: { time: string; seen: Set<string> } | null = last;
    try {
      for await (const stamped of logLines(connection, place, {
        ...from,
        ...(onRetry && { onRetry }),
        follow: true,
        timestamps: true,
        signal,
      })) {
        const [, time = '', line = stamped] = /^(\S+Z) ?(.*)$/s.exec(stamped) ?? [];
        wait = FIRST_PAUSE_MS;
        if (began !== null && isTold(began, time, stamped)) continue;
        if (last === null || last.time !== time) last = { time, seen: new Set() };
        last.seen.add(stamped);
        onLine(line);
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      // Where a container is starting the API server answers 400: it is asked again.
      const isStarting =
        isStatus(error, 400) && /waiting to start|ContainerCreating/.test(error.message);
      if (
        error instanceof MusterError &&
        !isStarting &&
        !/unreachable|silent|broken/.test(error.problem.code)
      ) {
        throw error;
      }
      onBreak(error instanceof MusterError ? error.message : asFailure(error, true).message);
      await pause(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
      wait = Math.min(wait * 2, LAST_PAUSE_MS);
    }
  }
}

/** Lines of the last second come again after a break; those that were told are passed over. */
function isTold(
  before: { time: string; seen: Set<string> },
  time: string,
  stamped: string,
): boolean {
  return time < before.time || (time === before.time && before.seen.has(stamped));
}

/** The API takes whole seconds. */
function wholeSecond(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
