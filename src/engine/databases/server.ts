import { z } from 'zod';
import type { DatabaseClient } from './client.ts';

/** The longest that a statement of a dump or a restore may take where the step says nothing, in ms. */
export const LONGEST_MS = 12 * 3600_000;

/** The server's version: `15.14`, and its number alone. */
export async function serverMajor(
  client: DatabaseClient,
): Promise<{ version: string; major: number }> {
  const [row] = await client.ask(
    z.object({ version: z.string() }),
    "select split_part(current_setting('server_version'), ' ', 1) as version",
  );
  const version = row?.version ?? '';
  return { version, major: Number.parseInt(version, 10) };
}

/** A time as names carry it, in UTC: `20260329T140211Z`. */
export function compactTime(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d+/g, '');
}
