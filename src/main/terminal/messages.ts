import { z } from 'zod';

/** What the main process and the process that owns the terminals say to each other. */

const terminal = z.string().min(1).max(64);
const columns = z.number().int().min(2).max(1000);
const rows = z.number().int().min(2).max(1000);

export const toHostSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('open'),
    terminal,
    file: z.string(),
    args: z.array(z.string()),
    cwd: z.string(),
    env: z.record(z.string(), z.string()),
    columns,
    rows,
  }),
  z.object({ kind: z.literal('write'), terminal, data: z.string() }),
  z.object({ kind: z.literal('resize'), terminal, columns, rows }),
  /** `characters` that the view has drawn; null for all that it owes. */
  z.object({
    kind: z.literal('acknowledge'),
    terminal,
    characters: z.number().int().positive().nullable(),
  }),
  z.object({ kind: z.literal('kill'), terminal }),
  z.object({ kind: z.literal('ping') }),
]);
export type ToHost = z.infer<typeof toHostSchema>;

export const fromHostSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('data'), terminal, data: z.string() }),
  z.object({
    kind: z.literal('ended'),
    terminal,
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
  }),
  /** The system did not let the terminal begin. */
  z.object({ kind: z.literal('refused'), terminal, why: z.string() }),
  z.object({ kind: z.literal('pong') }),
]);
export type FromHost = z.infer<typeof fromHostSchema>;
