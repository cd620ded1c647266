import { z } from 'zod';
import { parseDuration } from '../units.ts';

/** A duration as it is written, with its unit: `30s`, `10m`. Read it with `parseDuration` (ms). */
export const durationText = z.string().refine((text) => parseDuration(text) !== null, {
  error: 'is no duration; write one with its unit, such as 30s or 10m',
});
