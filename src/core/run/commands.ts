import { z } from 'zod';
import { riskSchema } from '../runbook/model.ts';
import { valueSchema } from './events.ts';

/**
 * What an operator may ask of a run, from the window or the command line. `decide.ts` says whether
 * a command is permitted in a state; the engine turns a permitted one into events and effects.
 */
export const commandSchema = z.discriminatedUnion('kind', [
  /** Run the action of a step that is ready, or retry one that failed or was cancelled. */
  z.object({ kind: z.literal('start'), step: z.string() }),
  /** End the running action: TERM, a grace period, then KILL, for the whole process group. */
  z.object({ kind: z.literal('cancel'), step: z.string() }),
  /** A step that waits for a person is done (all its task items ticked). */
  z.object({ kind: z.literal('confirm'), step: z.string() }),
  z.object({ kind: z.literal('answer'), step: z.string(), answer: valueSchema }),
  z.object({
    kind: z.literal('tick'),
    step: z.string(),
    task: z.number().int().nonnegative(),
    done: z.boolean(),
  }),
  z.object({ kind: z.literal('skip'), step: z.string(), reason: z.string().min(1) }),
  /** A hand step could not be done, or its checks do not hold. */
  z.object({ kind: z.literal('fail'), step: z.string(), reason: z.string().min(1) }),
  z.object({
    kind: z.literal('resolve'),
    step: z.string(),
    as: z.enum(['succeeded', 'failed', 'retry']),
    reason: z.string().min(1),
  }),
  z.object({ kind: z.literal('note'), step: z.string().nullable(), text: z.string().min(1) }),
  z.object({ kind: z.literal('pace'), auto: z.boolean(), allow: riskSchema }),
  z.object({ kind: z.literal('declare') }),
  z.object({ kind: z.literal('abort'), reason: z.string().min(1) }),
]);
export type Command = z.infer<typeof commandSchema>;
