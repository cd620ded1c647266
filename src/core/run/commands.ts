import { z } from 'zod';
import { riskSchema } from '../runbook/model.ts';
import { valueSchema } from './events.ts';

const reason = z.string().min(1);

/**
 * What an operator may ask of a run, from the window or the command line. `refuse.ts` says whether
 * a command is permitted in a state; the engine turns a permitted one into events and effects.
 */
export const commandSchema = z.discriminatedUnion('kind', [
  /** Run the action of a step that is ready, or retry one that failed or was cancelled. */
  z.object({
    kind: z.literal('start'),
    step: z.string(),
    /** The name of the critical target that a step with risk acts on, as the person gave it. */
    confirmed: z.string().max(200).optional(),
  }),
  /** End the running action: TERM, a grace period, then KILL, for the whole process group. */
  z.object({ kind: z.literal('cancel'), step: z.string() }),
  /** A step that waits for a person is done (all its task items ticked). */
  z.object({ kind: z.literal('confirm'), step: z.string() }),
  z.object({ kind: z.literal('answer'), step: z.string(), answer: valueSchema }),
  /** A second person approves, by their PIN on this machine or by a file that they signed. */
  z.object({
    kind: z.literal('approve'),
    step: z.string(),
    proof: z.discriminatedUnion('method', [
      z.object({ method: z.literal('pin'), approver: z.string().min(1), pin: z.string().min(1) }),
      z.object({ method: z.literal('file'), text: z.string().min(1).max(100_000) }),
    ]),
  }),
  z.object({
    kind: z.literal('tick'),
    step: z.string(),
    task: z.number().int().nonnegative(),
    done: z.boolean(),
  }),
  z.object({ kind: z.literal('skip'), step: z.string(), reason }),
  /** Give a step its turn again: one that was skipped, or one that is done and must be done anew. */
  z.object({ kind: z.literal('reopen'), step: z.string(), reason }),
  /** A hand step could not be done, its checks do not hold, or an approval was refused. */
  z.object({ kind: z.literal('fail'), step: z.string(), reason }),
  z.object({
    kind: z.literal('resolve'),
    step: z.string(),
    as: z.enum(['succeeded', 'failed', 'retry']),
    reason,
  }),
  /** Take back what one step did; the run goes on in step mode. */
  z.object({ kind: z.literal('undo'), step: z.string(), reason }),
  z.object({ kind: z.literal('note'), step: z.string().nullable(), text: z.string().min(1) }),
  z.object({ kind: z.literal('pace'), auto: z.boolean(), allow: riskSchema }),
  z.object({ kind: z.literal('declare') }),
  z.object({ kind: z.literal('pause'), reason }),
  z.object({ kind: z.literal('resume'), reason: z.string().nullable() }),
  /** End the run; `undo`: first take back what was done, newest first. */
  z.object({ kind: z.literal('abort'), reason, undo: z.boolean() }),
]);
export type Command = z.infer<typeof commandSchema>;
