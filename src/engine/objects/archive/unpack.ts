import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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

type Unpacker = NodeJS.ReadWriteStream & AsyncIterable<Uint8Array> & { bytesWritten: number };

function isUnpacker(stream: unknown): stream is Unpacker {
  return typeof stream === 'object' && stream !== null && 'bytesWritten' in stream;
}

async function* unpacked(
  uri: string,
  source: AsyncIterable<Uint8Array>,
  unpacker: Unpacker,
): AsyncGenerator<Uint8Array> {
  let fed = 0;
  const counted = async function* () {
    for await (const chunk of source) {
      fed += chunk.length;
      yield chunk;
    }
  };
  const feeding = pipeline(Readable.from(counted(), { objectMode: false }), unpacker);
  // The same error comes out of the other end.
  feeding.catch(() => {});
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

function cannotRead(uri: string) {
  return failure(
    'archive-unreadable-here',
    `This version of Muster cannot read the zstd archive ${uri}.`,
    'Nothing was changed.',
    'Verify it by hand with `zstd --test`, or verify its checksum with `archive: none`.',
  );
}
