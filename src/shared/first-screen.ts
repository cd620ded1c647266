import { z } from 'zod';
import { libraryEntrySchema } from '../core/library/entry.ts';
import { problemSchema } from '../core/problem.ts';
import { runSummaryCoreSchema } from '../core/run/summary.ts';

/**
 * The part of the contract (`ipc.ts`) that the first screen speaks. The page has it from the
 * beginning, and the rest when it first asks for something else: to build all schemas takes as
 * long as to draw the list.
 */

export const librarySourceSchema = z.enum(['pinned', 'bundled', 'folder', 'recent']);

export const libraryGroupSchema = z.object({
  source: librarySourceSchema,
  /** Folder path; empty for `pinned` and `recent`. */
  path: z.string(),
  name: z.string(),
  /** By title as people sort them, `pinned` and `recent` in their own order. */
  entries: z.array(libraryEntrySchema),
  /** Files that were found and are still to be read. */
  unread: z.number().int().nonnegative(),
  /** Files or folders that could not be read; the rest still works. */
  problems: z.array(problemSchema),
});
export type LibraryGroup = z.infer<typeof libraryGroupSchema>;

/** Who drives a run now. `elsewhere`: another window or the command line. */
export const driverSchema = z.enum(['here', 'elsewhere', 'nobody']);

export const runSummarySchema = runSummaryCoreSchema.extend({ driver: driverSchema });
export type RunSummary = z.infer<typeof runSummarySchema>;

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark', 'contrast']),
  showOutline: z.boolean(),
  showSide: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const appInfoSchema = z.object({
  version: z.string(),
  operator: z.string(),
  home: z.string(),
  platform: z.string(),
  timeZone: z.string(),
  /** What the app was asked to open when it started. */
  open: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('library') }),
    z.object({ kind: z.literal('runbook'), path: z.string() }),
  ]),
});
export type AppInfo = z.infer<typeof appInfoSchema>;

const none = z.undefined();

export const firstRequests = {
  'app.info': { in: none, out: appInfoSchema },
  'settings.get': { in: none, out: settingsSchema },
  'settings.set': { in: settingsSchema.partial(), out: settingsSchema },
  'library.list': { in: none, out: z.array(libraryGroupSchema) },
  'run.list': { in: none, out: z.array(runSummarySchema) },
  /** The window has taken the news up to this number; 0 when it begins anew. */
  'run.heard': { in: z.object({ number: z.number().int().nonnegative() }), out: none },
  'terminal.list': {
    in: none,
    out: z.array(
      z.object({
        terminal: z.string(),
        title: z.string(),
        run: z.string().nullable(),
        step: z.string().nullable(),
      }),
    ),
  },
} as const satisfies Record<string, { in: z.ZodType; out: z.ZodType }>;

export const firstPushes = {
  /** The list of runs changed, here or in another process. */
  'runs.changed': none,
  'library.changed': none,
  /** The settings are not what the window was told at its beginning. */
  'settings.changed': settingsSchema,
  'app.open': z.object({ path: z.string() }),
  'app.problem': problemSchema,
} as const satisfies Record<string, z.ZodType>;

/** What every request answers with: the value, or the problem in words. */
export const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), problem: problemSchema }),
]);
export type Reply = z.infer<typeof replySchema>;
