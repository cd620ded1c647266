import type { Duplex } from 'node:stream';
import * as zlib from 'node:zlib';
import { failure } from '../failures.ts';
import { cutOff, damaged } from './archive.ts';

/** The content of a gzip file. Throws `archive-truncated` or `archive-damaged`. */
export function gunzipped(uri: string, source: AsyncIterable<Uint8Array>) {
  return unpacked(uri, source, zlib.createGunzip());
}

/** The content of a zstd file, where this runtime can read it. */
export function unzstded(uri: string, source: AsyncIterable<Uint8Array>) {
  // Node has it since 22.15; Electron's Node may be older.
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  if (typeof create !== 'function') throw cannotRead(uri);
  const stream: unknown = Reflect.apply(create, zlib, []);
  if (!isUnpacker(stream)) throw cannotRead(uri);
  return unpacked(uri, source, stream);
}

export function canReadZstd(): boolean {
  return typeof Reflect.get(zlib, 'createZstdDecompress') === 'function';
}

type Unpacker = Duplex & { bytesWritten: number };

function isUnpacker(stream: unknown): stream is Unpacker {
  return typeof stream === 'object' && stream !== null && 'bytesWritten' in stream;
}

async function* unpacked(
  uri: string,
  source: AsyncIterable<Uint8Array>,
  unpacker: Unpacker,
): AsyncGenerator<Uint8Array> {
  let fed = 0;
  const feed = async (): Promise<void> => {
    for await (const chunk of source) {
      fed += chunk.length;
      await taken(unpacker, chunk);
    }
    unpacker.end();
  };
  const feeding = feed();
  // The same error comes out of the other end.
  feeding.catch((error: Error) => unpacker.destroy(error));
  try {
    for await (const chunk of unpacker) yield chunk;
    await feeding;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const message = error instanceof Error ? error.message : '';
    if (code === 'Z_BUF_ERROR' || /unexpected end|incomplete/i.test(message)) {
      throw cutOff(uri, fed, 'in the middle of its compressed data');
    }
    if (/^(?:Z_|ERR_Z|ZSTD_)/.test(code)) {
      throw damaged(uri, Math.min(fed, unpacker.bytesWritten), `${code} ${message}`);
    }
    throw error;
  }
}

/** Resolves when the unpacker is done with the chunk: the memory of a chunk is used again for the next. */
function taken(unpacker: Unpacker, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = (): void => reject(new Error('The unpacker was closed.'));
    unpacker.once('close', closed);
    unpacker.write(chunk, (error) => {
      unpacker.off('close', closed);
      if (error) reject(error);
      else resolve();
    });
  });
}

function cannotRead(uri: string) {
  return failure(
    'archive-unreadable-here',
    `This version of Muster cannot read the zstd archive ${uri}.`,
    'Nothing was changed.',
    'Verify it by hand with `zstd --test`, or verify its checksum with `archive: none`.',
  );
}
