import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What is kept of an upload that is under way, in the attempt's folder, to survive a crash. */
const stateSchema = z.object({
  place: z.string(),
  bucket: z.string(),
  key: z.string(),
  /** The store's id of the upload. */
  id: z.string(),
  sha256: z.string(),
  partSize: z.number().int().positive(),
  /** ETags by the number of the part. */
  parts: z.record(z.string(), z.string()),
});
export type UploadState = z.infer<typeof stateSchema>;

const fileIn = (dir: string): string => join(dir, 'upload.json');

/** Null where there is none, or none that belongs to the same content and the same place. */
export async function earlierUpload(
  dir: string,
  wanted: Pick<UploadState, 'place' | 'bucket' | 'key' | 'sha256' | 'partSize'>,
): Promise<UploadState | null> {
  try {
    const state = stateSchema.parse(JSON.parse(await fs.readFile(fileIn(dir), 'utf8')));
    const isSame = Object.entries(wanted).every(
      ([key, value]) => Reflect.get(state, key) === value,
    );
    return isSame ? state : null;
  } catch {
    return null;
  }
}

/** Replaces the state as one step. */
export async function keepUpload(dir: string, state: UploadState): Promise<void> {
  await fs.writeFile(`${fileIn(dir)}.new`, JSON.stringify(state));
  await fs.rename(`${fileIn(dir)}.new`, fileIn(dir));
}

export async function forgetUpload(dir: string): Promise<void> {
  await fs.rm(fileIn(dir), { force: true });
}
