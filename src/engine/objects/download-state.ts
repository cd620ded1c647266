import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { ObjectHead } from './store.ts';

/**
 * What is kept of a download that is under way. It lies beside the file that grows, not in the
 * attempt's folder, so that a retry takes it up as well as a run after a crash.
 */
const stateSchema = z.object({
  place: z.string(),
  bucket: z.string(),
  key: z.string(),
  version: z.string().nullable(),
  etag: z.string().nullable(),
  size: z.number().int().nonnegative(),
  partSize: z.number().int().positive(),
  /** The numbers of the parts that are written. */
  done: z.array(z.number().int().positive()),
});
type DownloadState = z.infer<typeof stateSchema>;

/** The names of a download's own files beside `file`. */
export function partialFiles(file: string): { part: string; state: string } {
  const part = join(dirname(file), `.${basename(file)}.muster-part`);
  return { part, state: `${part}.json` };
}

/**
 * The parts that an earlier download of the same content left whole. Another object, version or
 * ETag begins anew, so that two contents are never mixed.
 */
export async function earlierParts(
  file: string,
  place: string,
  head: ObjectHead,
  partSize: number,
): Promise<Set<number>> {
  const { part, state } = partialFiles(file);
  try {
    const { done, ...of } = stateSchema.parse(JSON.parse(await fs.readFile(state, 'utf8')));
    const { size } = await fs.stat(part);
    const isSame =
      head.etag !== null &&
      JSON.stringify(of) === JSON.stringify(identity(place, head, partSize)) &&
      size === head.size;
    return new Set(isSame ? done : []);
  } catch {
    return new Set();
  }
}

/** Replaces the state as one step. */
export async function keepState(
  file: string,
  place: string,
  head: ObjectHead,
  partSize: number,
  done: Iterable<number>,
): Promise<void> {
  const { state } = partialFiles(file);
  const content: DownloadState = { ...identity(place, head, partSize), done: [...done] };
  await fs.writeFile(`${state}.new`, JSON.stringify(content));
  await fs.rename(`${state}.new`, state);
}

export async function dropPartial(file: string): Promise<void> {
  const { part, state } = partialFiles(file);
  for (const path of [part, state, `${state}.new`]) await fs.rm(path, { force: true });
}

function identity(place: string, head: ObjectHead, partSize: number): Omit<DownloadState, 'done'> {
  const { bucket, key, version, etag, size } = head;
  return { place, bucket, key, version, etag, size, partSize };
}
