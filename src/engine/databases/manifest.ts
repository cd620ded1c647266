import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { MusterError } from '../../core/problem.ts';

const manifestSchema = z.object({
  /** The format of this file. */
  manifest: z.literal(1),
  database: z.string(),
  format: z.enum(['custom', 'plain']),
  /** In bytes. */
  size: z.number().int().nonnegative(),
  /** Of the whole file, in hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The moment that the data is of: UTC, ISO 8601, by the server's clock. */
  recoveryPoint: z.iso.datetime(),
  serverVersion: z.string(),
  dumpedBy: z.string(),
  /** Rows by table at that moment, `schema.table`; null where nobody counted. */
  rows: z.record(z.string(), z.number().int().nonnegative()).nullable(),
  /** The run and the step that made it. */
  madeBy: z.string(),
});
/** What is known of a dump; a JSON file beside it. */
export type Manifest = z.infer<typeof manifestSchema>;

export function manifestFile(dump: string): string {
  return `${dump}.manifest.json`;
}

export function writeManifest(dump: string, manifest: Manifest): void {
  writeFileSync(manifestFile(dump), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The manifest beside a dump, or null where there is none. Throws MusterError. */
export function readManifest(dump: string): Manifest | null {
  const file = manifestFile(dump);
  if (!existsSync(file)) return null;
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new MusterError({
      code: 'manifest-unreadable',
      what: `The manifest of the dump cannot be read: ${file}.`,
      safe: 'No database was touched.',
      next: 'Take another backup, or find out who changed the manifest. Move it away to go on without it.',
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}
