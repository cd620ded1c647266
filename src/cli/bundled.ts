import { join } from 'node:path';

/**
 * A runbook that comes with Muster, by its path below `runbooks/`. Built files lie one folder below
 * `out/`, so the root of the checkout is two above.
 */
export function bundledRunbook(path: string): string {
  return join(import.meta.dirname, '..', '..', 'runbooks', path);
}
