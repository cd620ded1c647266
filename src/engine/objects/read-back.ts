import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { formatObjectUri } from '../../core/objects/uri.ts';
import type { Progress } from '../steps/structured.ts';
import { mayPass } from './failures.ts';
import { LONG } from './patience.ts';
import { startMeter } from './rate.ts';
import type { ObjectHead, ObjectStore } from './store.ts';

/**
 * The bytes of an object in order; after a break it goes on at the byte where it stopped. The memory of
 * a chunk may be written over as soon as the next one is asked for.
 */
export async function* readWhole(
  store: ObjectStore,
  head: ObjectHead,
  signal: AbortSignal,
  progress: (progress: Progress) => void,
  patience = LONG,
): AsyncGenerator<Uint8Array> {
  const meter = startMeter(`Reading ${formatObjectUri(head)}`, head.size, 0, progress);
  let since = performance.now();
  let wait = patience.firstPauseMs;
  while (meter.moved() < head.size) {
    try {
      for await (const chunk of store.read({
        ...head,
        from: meter.moved(),
        to: head.size,
        reuses: true,
        signal,
      })) {
        meter.add(chunk.length);
        yield chunk;
        since = performance.now();
        wait = patience.firstPauseMs;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error) || performance.now() - since + wait > patience.totalMs) throw error;
      await pause(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
      wait = Math.min(wait * 2, patience.longestPauseMs);
    }
  }
}

/** The SHA-256 of what the store gives back. */
export async function readBack(
  store: ObjectStore,
  head: ObjectHead,
  signal: AbortSignal,
  progress: (progress: Progress) => void,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readWhole(store, head, signal, progress)) hash.update(chunk);
  return hash.digest('hex');
}
