import { readSync } from 'node:fs';

/** The most that is read on in one turn of the event loop, in bytes. */
const TURN_BYTES = 128 * 1024;

/** One for all terminals: what was read is copied before anybody reads again. */
const buffer = Buffer.allocUnsafeSlow(TURN_BYTES);

/**
 * What a pseudo-terminal that does not block has ready, at most 128 KB, in memory that the next
 * call fills again. To be called when the terminal's stream gives a piece, and to be put behind it:
 * the stream keeps no second one back, and its descriptor is sure to be open only then. The system
 * hands out 4 KB at a time, and a turn of the event loop for each costs four times what the reading
 * costs: a flood would wait for this process and not for the view.
 */
export function readOn(file: number): Uint8Array {
  let filled = 0;
  try {
    while (filled < TURN_BYTES) {
      const read = readSync(file, buffer, filled, TURN_BYTES - filled, null);
      if (read === 0) break;
      filled += read;
    }
  } catch {
    // Nothing more for now, or the end, which the stream finds by itself.
  }
  return buffer.subarray(0, filled);
}
