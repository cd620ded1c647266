import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { OutputSink, Stream } from '../output.ts';

/** Most bytes taken from one file at one look; the next look follows at once when there is more. */
const LOOK = 1024 * 1024;
/** Shared, because a look copies what it takes before the next one begins. */
const buffer = Buffer.allocUnsafe(LOOK);

/**
 * Follows the output files of a session into a sink, from where the sink left off.
 * `look` returns true while there is more to take. It takes nothing while the sink is behind: the
 * files hold what is printed. Throws when the sink cannot keep what it took.
 */
export function openTail(
  files: readonly { stream: Stream; path: string }[],
  sink: OutputSink,
): { look(): boolean; close(): void } {
  const open = files.map(({ stream, path }) => ({
    stream,
    path,
    descriptor: null as number | null,
    position: sink.consumed(stream),
  }));
  return {
    look() {
      if (sink.isBehind()) return false;
      const pieces: { stream: Stream; raw: Uint8Array }[] = [];
      let more = false;
      for (const file of open) {
        // The supervisor makes the file when the commands begin.
        file.descriptor ??= existsSync(file.path) ? openSync(file.path, 'r') : null;
        if (file.descriptor === null) continue;
        const count = readSync(file.descriptor, buffer, 0, LOOK, file.position);
        if (count === 0) continue;
        pieces.push({ stream: file.stream, raw: Uint8Array.from(buffer.subarray(0, count)) });
        file.position += count;
        more ||= count === LOOK;
      }
      if (pieces.length > 0) sink.take(pieces);
      return more;
    },
    close() {
      for (const { descriptor } of open) if (descriptor !== null) closeSync(descriptor);
    },
  };
}
