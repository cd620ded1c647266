import { z } from 'zod';
import type { Store } from '../store/open.ts';

/**
 * How much of an attempt's output is kept: its start and its end, in bytes. What lies between is
 * counted and left out.
 */
export const outputLimitsSchema = z.object({
  startBytes: z
    .number()
    .int()
    .min(1)
    .max(1024 ** 3),
  endBytes: z
    .number()
    .int()
    .min(1)
    .max(1024 ** 3),
});
export type OutputLimits = z.infer<typeof outputLimitsSchema>;

/**
 * The start tells what a command set out to do, and its first fault is often there; the end tells
 * how it came out, and captures are read from the last 4 MB. 20 MB hold some 200,000 lines, more
 * than anybody reads, and a run of 100 steps that all overflow still costs less than 2 GB.
 */
export const defaultOutputLimits: OutputLimits = {
  startBytes: 4 * 1024 * 1024,
  endBytes: 16 * 1024 * 1024,
};

/** Where the limits stand in the store's table of settings. */
const KEY = 'output';

/** The operator's limits; the default ones where none are set or they cannot be read. */
export function readOutputLimits(store: Store): OutputLimits {
  const text = store.settings.read(KEY);
  if (text === null) return defaultOutputLimits;
  try {
    return outputLimitsSchema.parse({ ...defaultOutputLimits, ...JSON.parse(text) });
  } catch {
    return defaultOutputLimits;
  }
}

/** For attempts that begin from now on. */
export function writeOutputLimits(store: Store, limits: OutputLimits): void {
  store.settings.write(KEY, JSON.stringify(limits));
}
