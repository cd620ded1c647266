import { readFileSync } from 'node:fs';
import { z } from 'zod';

const siteSchema = z.object({
  endpoint: z.url(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  region: z.string(),
  forcePathStyle: z.boolean(),
});

const rangeSchema = z.object({
  kubeconfig: z.string(),
  viewerKubeconfig: z.string(),
  wrongTokenKubeconfig: z.string(),
  context: z.string(),
  /** The folder of the servers' logs, where the range runs them on this machine. */
  logs: z.string().default(''),
  s3: siteSchema,
  s3b: siteSchema,
});

/** The real servers that tests may use, as `$MUSTER_RANGE` describes them; null where it is not set. */
export function rangeServers(): z.infer<typeof rangeSchema> | null {
  const file = process.env.MUSTER_RANGE;
  return file ? rangeSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}
