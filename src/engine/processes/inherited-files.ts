import type { StdioOptions } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';

/** Room for files that the browser's other threads open between the look and the fork. */
const MARGIN = 32;

/**
 * Standard streams for a step's process: none, and nothing else of ours either. On Linux the
 * browser part of Electron keeps sockets and locked files that a started program would inherit, so
 * a runbook's command could reach into the app, and a lock would outlive it. Each such number is
 * covered by the null device. Node by itself marks all it opens; macOS closes all by default.
 */
export function withNothingInherited<T>(spawnWith: (stdio: StdioOptions) => T): T {
  if (process.platform !== 'linux' || !process.versions.electron) return spawnWith('ignore');
  const nothing = openSync('/dev/null', 'r+');
  try {
    const highest = Math.max(...readdirSync('/proc/self/fd').map(Number));
    const covered = Array.from({ length: highest + MARGIN - 2 }, () => nothing);
    return spawnWith(['ignore', 'ignore', 'ignore', ...covered]);
  } finally {
    closeSync(nothing);
  }
}
