import { z } from 'zod';

/**
 * What the main process and the process that owns the terminals say to each other. A message with a
 * port says nothing: the port is the page's, see `shared/terminal-port.ts`.
 */

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
    /** Everything it shows is told here too. */
    recorded: z.boolean(),
  }),
  z.object({ kind: z.literal('write'), terminal, data: z.string() }),
  z.object({ kind: z.literal('resize'), terminal, columns, rows }),
  z.object({ kind: z.literal('kill'), terminal }),
  /** Ends it, and forgets what it showed. */
  z.object({ kind: z.literal('close'), terminal }),
  z.object({ kind: z.literal('ping') }),
]);
export type ToHost = z.infer<typeof toHostSchema>;

export const fromHostSchema = z.discriminatedUnion('kind', [
  /** Of a recorded terminal alone: UTF-8, cut anywhere. */
  z.object({ kind: z.literal('data'), terminal, data: z.instanceof(Uint8Array) }),
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
