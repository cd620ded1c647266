import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Ended } from '../command-line.ts';

/** Runs of the bundled runbooks on the range, through the command line. */

export function runbook(path: string): string {
  return fileURLToPath(new URL(`../../runbooks/${path}`, import.meta.url));
}

/**
 * A copy of a runbook that is broken on purpose: `from` must stand in it, and becomes `to`. A test
 * with such a copy proves that its check would notice.
 */
export function brokenCopy(path: string, folder: string, from: string, to: string): string {
  const text = readFileSync(runbook(path), 'utf8');
  if (!text.includes(from)) throw new Error(`${path} does not say: ${from}`);
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, `broken-${basename(path)}`);
  writeFileSync(copy, text.replace(from, to));
  return copy;
}

export function plainCopy(path: string, folder: string): string {
  const copy = join(folder, basename(path));
  copyFileSync(runbook(path), copy);
  return copy;
}

const summarySchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  measures: z.array(
    z.looseObject({
      component: z.string(),
      rtoMs: z.number().nullable(),
      rpoMs: z.number().nullable(),
      verdict: z.string(),
    }),
  ),
  steps: z.array(z.looseObject({ id: z.string(), status: z.string() })),
  problem: z.looseObject({ code: z.string() }).nullable(),
});
export type RunSummary = z.infer<typeof summarySchema>;

/** The last line of a run with `--json`. */
export function summaryOf({ code, out, err }: Ended): RunSummary {
  const last = out.trim().split('\n').at(-1) ?? '';
  const summary = summarySchema.safeParse(last.startsWith('{') ? JSON.parse(last) : null);
  if (summary.success) return summary.data;
  throw new Error(`The run ended with ${code} and said no summary.\n${out}\n${err}`);
}
