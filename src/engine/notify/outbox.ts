import { DeliveryFault } from './deliver.ts';

/** Pauses before each further try, in ms; the last one is about ten minutes after the first. */
const PAUSES_MS: readonly number[] = [5_000, 15_000, 45_000, 120_000, 400_000];

/**
 * Tries again in the background until it succeeds, cannot succeed, or the tries are used up.
 * `onEnd` gets what stood in the way at last, or null. Nothing waits for it, and it keeps no process
 * from ending.
 */
export function tryLater(
  attempt: (signal: AbortSignal) => Promise<void>,
  onEnd: (fault: string | null) => void,
  pauses: readonly number[] = PAUSES_MS,
): void {
  const next = (index: number, last: string): void => {
    const pause = pauses[index];
    if (pause === undefined) {
      onEnd(last);
      return;
    }
    const timer = setTimeout(() => void again(index), pause);
    timer.unref();
  };
  const again = async (index: number): Promise<void> => {
    try {
      await attempt(new AbortController().signal);
      onEnd(null);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (error instanceof DeliveryFault && !error.passes) onEnd(why);
      else next(index + 1, why);
    }
  };
  next(0, 'it was not tried again');
}
