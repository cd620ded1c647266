/**
 * Does `work` for each item, at most `width` at a time, in order of their begin. Where one fails,
 * the others are told by their signal, and the first failure is thrown once all have ended.
 */
export async function inParallel<T>(
  items: Iterable<T>,
  width: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const inner = AbortSignal.any([signal, stop.signal]);
  const queue = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      if (inner.aborted) return;
      try {
        await work(next.value, inner);
      } catch (error) {
        failures.push(error);
        stop.abort(error);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
