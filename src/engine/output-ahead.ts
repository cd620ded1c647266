import type { OutputChunk } from './api.ts';

/** What stands ahead of the output of a run's attempts now, for who begins to read in the middle. */
export interface OutputAhead {
  take(chunk: OutputChunk): void;
  /** A chunk without bytes for each stream of the attempt that has something ahead. */
  of(step: string, attempt: number): OutputChunk[];
}

export function createOutputAhead(): OutputAhead {
  /** By step and attempt; only those that have something ahead. */
  const attempts = new Map<string, Map<string, OutputChunk>>();
  const keyOf = (step: string, attempt: number): string => `${step} ${attempt}`;
  return {
    take(chunk) {
      const { step, attempt, stream, ahead } = chunk;
      const key = keyOf(step, attempt);
      const streams = attempts.get(key) ?? new Map<string, OutputChunk>();
      streams.delete(stream);
      // They all stand at the end of what was told, whichever stream told it.
      const at = chunk.at + chunk.bytes;
      for (const one of streams.values()) one.at = at;
      if (ahead !== '') streams.set(stream, { ...chunk, at, bytes: 0, text: '' });
      if (streams.size > 0) attempts.set(key, streams);
      else attempts.delete(key);
    },
    of: (step, attempt) => [...(attempts.get(keyOf(step, attempt))?.values() ?? [])],
  };
}
