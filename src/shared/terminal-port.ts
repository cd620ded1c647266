import { z } from 'zod';

/**
 * What the page and the process that owns the terminals say to each other, over a port of their
 * own: a flood does not pass through the main process. Both parse what comes. Typing, sizes and
 * ends are requests to the main process; over the port nothing can be opened and nothing be typed.
 */

const terminal = z.string().min(1).max(64);

export const fromViewSchema = z.discriminatedUnion('kind', [
  /** A view begins anew: it is to get the replay, and what comes after it. */
  z.object({ kind: z.literal('show'), terminal }),
  z.object({ kind: z.literal('hide'), terminal }),
  /** Bytes that the view has drawn. */
  z.object({ kind: z.literal('acknowledge'), terminal, bytes: z.number().int().positive() }),
]);
export type FromView = z.infer<typeof fromViewSchema>;

/** UTF-8, cut anywhere. `replay`: what the terminal showed so far (bounded). */
export const toViewSchema = z.object({
  kind: z.enum(['replay', 'data']),
  terminal,
  data: z.instanceof(Uint8Array),
});
export type ToView = z.infer<typeof toViewSchema>;
