import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { MusterError } from '../../core/problem.ts';
import { deriveKey, newScrypt, passphraseLogN, scryptSchema } from '../sealing/derive-key.ts';
import * as failures from './failures.ts';

/**
 * A file that only a passphrase opens, written and read in constant memory. After a header come
 * blocks: each is up to `BLOCK_BYTES` of content, deflated, under AES-256-GCM. The nonce of a block
 * holds its number and whether it is the last one, and the header is bound to every block, so no
 * block can be changed, left out, moved or taken from another file, and a shortened file shows.
 * The form is documented byte for byte in `docs/hand-over.md`.
 */

const MAGIC = Buffer.from('MUSTERHO');
const VERSION = 1;
const BLOCK_BYTES = 1024 * 1024;
const TAG_BYTES = 16;
/** Deflate adds a few bytes to what cannot be made smaller. */
const LONGEST_BLOCK = BLOCK_BYTES + 64 * 1024 + TAG_BYTES;
const LONGEST_HEADER = 4_096;

const headerSchema = z.strictObject({
  scrypt: scryptSchema,
  /** The first 7 bytes of each nonce, as base64. */
  nonce: z.string().regex(/^[A-Za-z0-9+/]{10}==$/),
});

/**
 * Writes `content` to a new file with mode 0600. All of it but the last block is on disk before
 * `beforeEnd` is called, and without that block nobody can open the file; so what `beforeEnd`
 * commits and a file that opens come as one, and after a crash in between there is no such file.
 * Throws `bundle-exists` and `bundle-not-written` before, `bundle-not-finished` after that call.
 */
export async function writeSealed(
  file: string,
  passphrase: string,
  content: Iterable<Uint8Array>,
  beforeEnd: () => void,
): Promise<void> {
  if (existsSync(file)) throw failures.fileThere(file);
  const scrypt = newScrypt(passphraseLogN);
  const key = await deriveKey(passphrase, scrypt);
  const nonce = randomBytes(7);
  const header = headerBytes(JSON.stringify({ scrypt, nonce: nonce.toString('base64') }));
  const part = `${file}.part`;
  let fd: number | null = null;
  let isCommitted = false;
  try {
    // What an interrupted hand-over left; it opens for nobody.
    rmSync(part, { force: true });
    fd = openSync(part, 'wx', 0o600);
    writeAll(fd, header);
    let number = 0;
    let held: Uint8Array = new Uint8Array();
    const write = (block: Uint8Array, isLast: boolean): void => {
      if (fd !== null) writeAll(fd, sealed(block, { key, nonce, header, number, isLast }));
      number += 1;
    };
    for (const block of blocks(content)) {
      if (held.length > 0) write(held, false);
      held = block;
      // Writing much must not keep a window from drawing.
      await new Promise((resolve) => setImmediate(resolve));
    }
    fsyncSync(fd);
    beforeEnd();
    isCommitted = true;
    write(held, true);
    fsyncSync(fd);
    closeSync(fd);
    fd = null;
    renameSync(part, file);
    syncFolder(dirname(file));
  } catch (error) {
    if (fd !== null) closeSync(fd);
    if (!isCommitted) {
      rmSync(part, { force: true });
      throw error instanceof MusterError ? error : failures.fileNotWritten(file, error);
    }
    throw failures.fileNotFinished(file, error);
  }
}

/** A file that was opened; its content is read in order, once. */
export interface SealedFile {
  /** Throws `bundle-passphrase` at its first block, `bundle-damaged` at any other that is not whole. */
  read(): Generator<Uint8Array>;
  close(): void;
}

/** Throws `bundle-unreadable`. */
export async function openSealed(file: string, passphrase: string): Promise<SealedFile> {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    throw failures.notABundle(file, error instanceof Error ? error.message : String(error));
  }
  try {
    if (!fstatSync(fd).isFile()) throw failures.notABundle(file, 'It is not a file.');
    const { header, scrypt, nonce } = readHeader(fd, file);
    const key = await deriveKey(passphrase, scrypt);
    return {
      read: () => readBlocks(fd, file, { key, nonce, header }),
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

interface Sealing {
  key: Buffer;
  /** The file's own 7 bytes. */
  nonce: Buffer;
  header: Buffer;
}

function sealed(
  block: Uint8Array,
  { key, nonce, header, number, isLast }: Sealing & { number: number; isLast: boolean },
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(nonce, number, isLast));
  cipher.setAAD(header);
  const body = Buffer.concat([
    cipher.update(deflateRawSync(block, { level: 6 })),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function* readBlocks(
  fd: number,
  file: string,
  { key, nonce, header }: Sealing,
): Generator<Uint8Array> {
  for (let number = 0, isLast = false; !isLast; number++) {
    const length = readUpTo(fd, 4);
    const size = length.length === 4 ? length.readUInt32BE() : 0;
    const body = size >= TAG_BYTES && size <= LONGEST_BLOCK ? readUpTo(fd, size) : null;
    if (body === null || body.length < size) {
      throw failures.bundleDamaged(file, 'It ends early, or a length in it was changed.');
    }
    const opened =
      openBlock(body, { key, nonce, header, number, isLast: false }) ??
      openBlock(body, { key, nonce, header, number, isLast: true });
    if (opened === null) {
      if (number === 0) throw failures.passphraseWrong(file);
      throw failures.bundleDamaged(file, `Block ${number + 1} was changed.`);
    }
    isLast = opened.isLast;
    yield inflated(opened.bytes, file);
  }
  if (readUpTo(fd, 1).length > 0) throw failures.bundleDamaged(file, 'Something was added to it.');
}

function inflated(bytes: Buffer, file: string): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: BLOCK_BYTES });
  } catch {
    throw failures.bundleDamaged(file, 'It was not written by Muster.');
  }
}

function openBlock(
  body: Buffer,
  { key, nonce, header, number, isLast }: Sealing & { number: number; isLast: boolean },
): { bytes: Buffer; isLast: boolean } | null {
  const of = nonceOf(nonce, number, isLast);
  const decipher = createDecipheriv('aes-256-gcm', key, of, { authTagLength: TAG_BYTES });
  decipher.setAAD(header);
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  try {
    const bytes = Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]);
    return { bytes, isLast };
  } catch {
    return null;
  }
}

/** 7 bytes of the file, 4 of the block's number, 1 that is set for the last block. */
function nonceOf(nonce: Buffer, number: number, isLast: boolean): Buffer {
  const whole = Buffer.alloc(12);
  nonce.copy(whole);
  whole.writeUInt32BE(number, 7);
  whole[11] = isLast ? 1 : 0;
  return whole;
}

function headerBytes(json: string): Buffer {
  const length = Buffer.alloc(5);
  length.writeUInt8(VERSION);
  length.writeUInt32BE(Buffer.byteLength(json), 1);
  return Buffer.concat([MAGIC, length, Buffer.from(json)]);
}

function readHeader(fd: number, file: string) {
  const start = readUpTo(fd, MAGIC.length + 5);
  if (start.length < MAGIC.length + 5 || !start.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw failures.notABundle(file, 'It does not begin like one.');
  }
  const version = start.readUInt8(MAGIC.length);
  if (version !== VERSION) {
    throw failures.notABundle(file, `Its version is ${version}; this Muster knows ${VERSION}.`);
  }
  const length = start.readUInt32BE(MAGIC.length + 1);
  const json = length <= LONGEST_HEADER ? readUpTo(fd, length) : Buffer.alloc(0);
  try {
    const { scrypt, nonce } = headerSchema.parse(JSON.parse(json.toString('utf8')));
    return { header: Buffer.concat([start, json]), scrypt, nonce: Buffer.from(nonce, 'base64') };
  } catch {
    throw failures.notABundle(file, 'Its header cannot be read.');
  }
}

/** The content cut into whole blocks; the last one may be shorter, and is never empty. */
function* blocks(content: Iterable<Uint8Array>): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for (const piece of content) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + BLOCK_BYTES - size);
      waiting.push(part);
      at += part.length;
      size += part.length;
      if (size < BLOCK_BYTES) continue;
      yield Buffer.concat(waiting);
      waiting = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(waiting);
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/** Fewer bytes only at the end of the file. */
function readUpTo(fd: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const read = readSync(fd, bytes, at, length - at, null);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
}

/** So that the new name itself outlives a power cut; where folders cannot be synced, it may not. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    fsyncSync(fd);
    closeSync(fd);
  } catch {
    // Windows has no such call for folders.
  }
}
