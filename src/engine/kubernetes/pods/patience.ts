import { setTimeout as pause } from 'node:timers/promises';
import { MusterError } from '../../../core/problem.ts';
import { isStatus } from '../api/problems.ts';
import { brokenStream } from '../api/socket.ts';
import { WireFailure } from '../api/wire.ts';

/** How long it is tried without any way forward, in ms. */
const PATIENCE_MS = 120_000;
const FIRST_PAUSE_MS = 300;
const LAST_PAUSE_MS = 5_000;

const PASSING = new Set(['kubernetes-unreachable', 'kubernetes-silent', 'kubernetes-broken-off']);

/**
 * Does something in a pod that may be done again, such as reading a file from where it broke off,
 * until it works. `moved` tells how far it has come: as long as that grows, patience begins anew.
 */
export async function patiently<T>(
  options: {
    doing: string;
    signal: AbortSignal;
    onRetry: (why: string) => void;
    moved?: () => number;
    until?: number;
  },
  attempt: () => Promise<T>,
): Promise<T> {
  const { doing, signal, onRetry, moved = () => 0 } = options;
  let stillSince = Date.now();
  let at = moved();
  let wait = FIRST_PAUSE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error)) throw error;
      if (moved() > at) {
        at = moved();
        stillSince = Date.now();
        wait = FIRST_PAUSE_MS;
      }
      const now = Date.now();
      if (now - stillSince > PATIENCE_MS || now > (options.until ?? Number.POSITIVE_INFINITY)) {
        throw error instanceof WireFailure
          ? brokenStream(
              doing,
              error,
              'Check the network and the node of the pod, then retry: it goes on from where it broke off.',
            )
          : error;
      }
      onRetry(error instanceof Error ? error.message : String(error));
      await pause(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
      wait = Math.min(wait * 2, LAST_PAUSE_MS);
    }
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof WireFailure) return error.kind !== 'tls';
  // The API server answers 5xx while it, or the kubelet behind it, is away for a moment.
  if (isStatus(error, 500, 502, 503, 504)) return true;
  return error instanceof MusterError && PASSING.has(error.problem.code);
}
