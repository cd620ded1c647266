import { formatBytes, formatDuration } from '../../core/units.ts';
import type { Progress } from '../steps/structured.ts';

/** Counts the bytes of a transfer. */
export interface Meter {
  add(bytes: number): void;
  /** Bytes of this transfer so far, without what an earlier one brought. */
  moved(): number;
  /** "1.2 GB in 12 s, 100 MB/s". */
  words(): string;
}

/** `before`: bytes that are there already. The label says the rate, averaged from the start. */
export function startMeter(
  label: string,
  total: number,
  before: number,
  progress: (progress: Progress) => void,
): Meter {
  const began = performance.now();
  let moved = 0;
  const rate = (): string => {
    const seconds = Math.max(0.001, (performance.now() - began) / 1000);
    return `${formatBytes(moved / seconds)}/s`;
  };
  return {
    add(bytes) {
      moved += bytes;
      progress({ label: `${label}, ${rate()}`, done: before + moved, total, unit: 'bytes' });
    },
    moved: () => moved,
    words: () => `${formatBytes(moved)} in ${formatDuration(performance.now() - began)}, ${rate()}`,
  };
}
