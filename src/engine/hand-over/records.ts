import { z } from 'zod';
import { streamSchema } from '../../store/outputs.ts';
import { bundleDamaged } from './failures.ts';
import { manifestSchema } from './manifest.ts';

/**
 * The content of a bundle: records one after the other, each with what it says as JSON and, for
 * some kinds, bytes. Both are preceded by their length as 4 bytes, most significant first.
 */

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const recordSchema = z.discriminatedUnion('kind', [
  /** The first one: who wrote the file, and with which Muster. */
  z.strictObject({ kind: z.literal('sender'), host: z.string(), version: z.string() }),
  /** The second one. */
  z.strictObject({ kind: z.literal('manifest'), manifest: manifestSchema }),
  /** Bytes: a runbook, or what was approved, as UTF-8. */
  z.strictObject({ kind: z.literal('text'), sha256: hash }),
  /** Bytes: a piece of an attempt's output, and where it begins. */
  z.strictObject({
    kind: z.literal('output'),
    step: z.string(),
    attempt: z.number().int().positive(),
    stream: streamSchema,
    at: z.number().int().nonnegative(),
  }),
  /** Bytes: the next piece of an attached file; the pieces of one file follow each other. */
  z.strictObject({ kind: z.literal('attachment'), sha256: hash }),
  /** An event, read by its own schema where it is used. */
  z.strictObject({ kind: z.literal('event'), event: z.unknown() }),
]);
export type BundleRecord = z.infer<typeof recordSchema>;

/** The longest JSON or bytes of one record. */
const LONGEST = 64 * 1024 * 1024;

export function* writeRecord(record: BundleRecord, bytes?: Uint8Array): Generator<Uint8Array> {
  const json = Buffer.from(JSON.stringify(record));
  const lengths = Buffer.alloc(4);
  lengths.writeUInt32BE(json.length);
  yield lengths;
  yield json;
  const more = Buffer.alloc(4);
  more.writeUInt32BE(bytes?.length ?? 0);
  yield more;
  if (bytes) yield bytes;
}

/** Reads records from blocks of content, holding one record at a time. Throws `bundle-damaged`. */
export function* readRecords(
  content: Iterable<Uint8Array>,
  file: string,
): Generator<{ record: BundleRecord; bytes: Buffer }> {
  const source = new Source(content, file);
  while (!source.isAtEnd()) {
    const json = source.take(source.length());
    const bytes = source.take(source.length());
    yield { record: parsed(json, file), bytes };
  }
}

function parsed(json: Buffer, file: string): BundleRecord {
  try {
    return recordSchema.parse(JSON.parse(json.toString('utf8')));
  } catch {
    throw bundleDamaged(file, 'It holds something that this Muster does not know.');
  }
}

/** Blocks of any size, taken in any other. */
class Source {
  readonly #blocks: Iterator<Uint8Array>;
  readonly #file: string;
  #held: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(content: Iterable<Uint8Array>, file: string) {
    this.#blocks = content[Symbol.iterator]();
    this.#file = file;
  }

  isAtEnd(): boolean {
    while (this.#at === this.#held.length) {
      const next = this.#blocks.next();
      if (next.done) return true;
      this.#held = next.value;
      this.#at = 0;
    }
    return false;
  }

  length(): number {
    const length = this.take(4).readUInt32BE();
    if (length > LONGEST) throw bundleDamaged(this.#file, 'A part of it is too long.');
    return length;
  }

  take(length: number): Buffer {
    const pieces: Uint8Array[] = [];
    for (let missing = length; missing > 0; ) {
      if (this.isAtEnd()) throw bundleDamaged(this.#file, 'It ends early.');
      const piece = this.#held.subarray(this.#at, this.#at + missing);
      pieces.push(piece);
      this.#at += piece.length;
      missing -= piece.length;
    }
    return Buffer.concat(pieces);
  }
}
