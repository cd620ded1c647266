import type { Socket } from 'node:net';

/** How an answer is told: once, the first counts. */
export interface Told<T> {
  succeed(answer: T): void;
  fail(error: unknown): void;
}

/**
 * Opens a connection, lets `listen` wait for an answer on it, and hangs up. Rejects when none came in
 * time, and with the reason of the signal.
 */
export function dial<S extends Socket, T>(
  open: () => S,
  { withinMs, signal }: { withinMs: number; signal: AbortSignal },
  listen: (socket: S, told: Told<T>) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = open();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.destroy();
    };
    const fail = (error: unknown): void => {
      end();
      reject(error);
    };
    const stop = (): void => fail(signal.reason);
    const timer = setTimeout(() => fail(new Error(`no answer within ${withinMs} ms`)), withinMs);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) return stop();
    socket.once('error', fail);
    listen(socket, {
      fail,
      succeed(answer) {
        end();
        resolve(answer);
      },
    });
  });
}
