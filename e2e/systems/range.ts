import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';

/** The real servers that these tests need, as `$MUSTER_RANGE` describes them. */

const run = promisify(execFile);

const siteSchema = z.object({
  endpoint: z.url(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  region: z.string(),
});
export type SiteAddress = z.infer<typeof siteSchema>;

const rangeSchema = z.object({
  kubeconfig: z.string(),
  context: z.string(),
  image: z.string(),
  node: z.string(),
  s3: siteSchema,
  s3b: siteSchema,
});
export type Range = z.infer<typeof rangeSchema>;

/** Null where `MUSTER_RANGE` is not set; then the tests of systems are skipped. */
export function rangeServers(): Range | null {
  const file = process.env.MUSTER_RANGE;
  return file ? rangeSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}

const KUBECTL_MS = 60_000;

/** Runs kubectl on the range's cluster; returns what it printed. `input` becomes its standard input. */
export async function kubectl(range: Range, args: string[], input = ''): Promise<string> {
  const running = run(
    'kubectl',
    [`--kubeconfig=${range.kubeconfig}`, `--context=${range.context}`, ...args],
    { timeout: KUBECTL_MS, maxBuffer: 64 * 1024 * 1024 },
  );
  running.child.stdin?.end(input);
  const { stdout } = await running;
  return stdout.trim();
}
