import type { LiveLink } from '../../core/live/view.ts';
import { toProblem } from '../../core/problem.ts';

/** A part of a target that is watched for as long as somebody looks. */
export interface Watched<C> {
  /** The connection as it is to be made now, after it proved who answers. Throws MusterError. */
  prove(): Promise<C>;
  /** Watches over this connection until the signal; comes back by itself where it breaks. */
  watch(connection: C, signal: AbortSignal): Promise<void>;
  onLink(link: LiveLink): void;
}

export interface BeatTimes {
  /** Between two proofs, in ms. */
  everyMs: number;
  /** After a failure, doubled up to the last one, in ms. */
  firstPauseMs: number;
  lastPauseMs: number;
}

export const USUAL: BeatTimes = { everyMs: 5_000, firstPauseMs: 1_000, lastPauseMs: 15_000 };
/** Where nothing is shown but whether it answers. */
export const SELDOM: BeatTimes = { everyMs: 15_000, firstPauseMs: 2_000, lastPauseMs: 15_000 };

/**
 * Asks again and again who answers, and watches as long as it is the right one, until the signal.
 * While nobody answers the watch stays; when another system answers, or the watch failed for good,
 * it is ended and begun anew once the right one answers. Never rejects.
 */
export async function keepWatching<C>(
  watched: Watched<C>,
  signal: AbortSignal,
  { everyMs, firstPauseMs, lastPauseMs }: BeatTimes = USUAL,
): Promise<void> {
  let link: LiveLink = { at: null, problem: null };
  const held: { running: Running<C> | null } = { running: null };
  let wake = (): void => undefined;
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const end = (): void => {
    held.running?.stop.abort(new Error('It is not watched any more.'));
    held.running = null;
  };
  const tell = (next: LiveLink): void => {
    link = next;
    watched.onLink(link);
  };
  signal.addEventListener('abort', () => {
    end();
    wake();
  });

  let wait = firstPauseMs;
  while (!signal.aborted) {
    try {
      const connection = await watched.prove();
      if (signal.aborted) return;
      tell({ at: Date.now(), problem: null });
      if (held.running?.connection !== connection) {
        end();
        held.running = begin(watched, connection, () => wake());
      }
      await rest(everyMs);
      const { failure } = held.running ?? {};
      if (failure) throw failure.error;
      wait = firstPauseMs;
    } catch (error) {
      if (signal.aborted) return;
      const { code, what, next } = toProblem(error);
      if (code === 'target-mismatch' || held.running?.failure) end();
      tell({ ...link, problem: { code, what, next } });
      await rest(wait);
      wait = Math.min(wait * 2, lastPauseMs);
    }
  }
}

interface Running<C> {
  connection: C;
  stop: AbortController;
  failure: { error: unknown } | null;
}

function begin<C>(watched: Watched<C>, connection: C, onFailure: () => void): Running<C> {
  const running: Running<C> = { connection, stop: new AbortController(), failure: null };
  watched.watch(connection, running.stop.signal).catch((error: unknown) => {
    running.failure = { error };
    onFailure();
  });
  return running;
}
