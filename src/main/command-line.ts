import { join, resolve } from 'node:path';

export interface CommandLine {
  /** The runbook to open, as an absolute path; null for the library. */
  open: string | null;
}

/** Inside the folder of bundled runbooks. */
const PRACTICE_DRILL = join('practice', 'restore-orders.md');

/**
 * Reads what the app was started with: a Markdown file, or `--practice`. Everything else on the
 * line belongs to the runtime (`electron .`, Chromium's switches) and is passed over.
 */
export function parseCommandLine(
  argv: readonly string[],
  context: { cwd: string; bundled: string },
): CommandLine {
  const args = argv.slice(1);
  if (args.includes('--practice')) return { open: join(context.bundled, PRACTICE_DRILL) };
  const file = args.find((arg) => !arg.startsWith('-') && /\.(md|markdown)$/i.test(arg));
  return { open: file === undefined ? null : resolve(context.cwd, file) };
}

/** The file that another start of the app handed over, or null. */
export function handedOver(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('open' in data)) return null;
  return typeof data.open === 'string' && data.open !== '' ? data.open : null;
}
