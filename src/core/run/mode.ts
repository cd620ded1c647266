import { z } from 'zod';

export const runModeSchema = z.enum(['rehearsal', 'drill', 'incident', 'maintenance']);
export type RunMode = z.infer<typeof runModeSchema>;
