import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { begunUploadSchema, type Tries } from '../begun-upload.ts';

/** For tests: what a step's tries know of one another, kept in a folder. */
export function triesIn(dir: string): Tries {
  const file = join(dir, 'begun.json');
  return {
    earlier: existsSync(file)
      ? begunUploadSchema.nullable().parse(JSON.parse(readFileSync(file, 'utf8')))
      : null,
    keep: (begun) => writeFileSync(file, JSON.stringify(begun)),
  };
}
