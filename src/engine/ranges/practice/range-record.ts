import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const recordSchema = z.object({
  servicePort: z.number().int().nullable(),
  controlPort: z.number().int().nullable(),
  /** How the service was left; a restart of the app must not start what an operator stopped. */
  service: z.enum(['running', 'stopped']),
  /** The process that runs the range, with its start; null when it was closed. */
  owner: z.object({ pid: z.number().int(), start: z.string() }).nullable(),
});
/** What a range remembers between two processes that run it, one after the other. */
export type RangeRecord = z.infer<typeof recordSchema>;

const fresh: RangeRecord = {
  servicePort: null,
  controlPort: null,
  service: 'running',
  owner: null,
};

export function readRecord(dir: string): RangeRecord {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(recordFile(dir), 'utf8')));
  } catch {
    // None yet, or unreadable: the data counts, ports can be chosen anew.
    return fresh;
  }
}

/** Replaces the record as a whole, so that a crash never leaves half of it. */
export function writeRecord(dir: string, record: RangeRecord): void {
  const file = recordFile(dir);
  writeFileSync(`${file}.new`, JSON.stringify(record));
  renameSync(`${file}.new`, file);
}

function recordFile(dir: string): string {
  return join(dir, 'range.json');
}
