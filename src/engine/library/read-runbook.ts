import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { MusterError, type Problem } from '../../core/problem.ts';

/** Largest runbook that is read, in bytes. */
export const MAX_RUNBOOK_BYTES = 32 * 1024 * 1024;

export interface RunbookFile {
  path: string;
  text: string;
  /** SHA-256 (hex) of the file's bytes. */
  sha256: string;
  /** Line of the first byte that is not UTF-8 (then the text is read as Windows-1252), or null. */
  notUtf8Line: number | null;
}

/** How often a file that changes while it is read is read again, and the pause before, in ms. */
const TRIES = 3;
const PAUSE_MS = 60;

export function isRunbookName(path: string): boolean {
  return /\.(md|markdown)$/i.test(path);
}

/** Reads one Markdown file. Never writes. Throws MusterError. */
export async function readRunbook(path: string): Promise<RunbookFile> {
  if (!isRunbookName(path)) throw new MusterError(notMarkdown(path));
  const bytes = await readWhole(path);
  const nul = bytes.indexOf(0);
  if (nul !== -1) throw new MusterError(notText(path, bytes, nul));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path, sha256, ...decode(bytes) };
}

function decode(bytes: Buffer): { text: string; notUtf8Line: number | null } {
  try {
    // ignoreBOM keeps a byte order mark, so that the text is all of the file.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, notUtf8Line: null };
  } catch {
    const text = new TextDecoder('windows-1252').decode(bytes);
    return { text, notUtf8Line: lineOf(bytes, firstBadByte(bytes)) };
  }
}

// The lossy reading puts U+FFFD where the bytes are bad; everything before it is as it was.
function firstBadByte(bytes: Buffer): number {
  const lossy = bytes.toString('utf8');
  let from = 0;
  for (;;) {
    const at = lossy.indexOf('\uFFFD', from);
    if (at === -1) return bytes.length;
    const offset = Buffer.byteLength(lossy.slice(0, at));
    // A true U+FFFD in the file is these three bytes.
    const isTrue = bytes.subarray(offset, offset + 3).equals(Buffer.from([0xef, 0xbf, 0xbd]));
    if (!isTrue) return offset;
    from = at + 1;
  }
}

function lineOf(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < offset; at = bytes.indexOf(10, at + 1)) {
    line += 1;
  }
  return line;
}

async function readWhole(path: string): Promise<Buffer> {
  let file: FileHandle | null = null;
  try {
    // Before it is opened: a pipe would wait for somebody to write into it.
    refuseUnfit(path, await stat(path));
    file = await open(path, 'r');
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const before = await file.stat();
      refuseUnfit(path, before);
      const bytes = await readFrom(file, before.size);
      const after = await file.stat();
      if (bytes !== null && sameVersion(before, after)) return bytes;
      await delay(PAUSE_MS);
    }
  } catch (error) {
    if (error instanceof MusterError) throw error;
    throw new MusterError(unreadable(path, error));
  } finally {
    await file?.close();
  }
  throw new MusterError(changing(path));
}

/** All bytes from the start, or null when the file is not as long as it was. */
async function readFrom(file: FileHandle, size: number): Promise<Buffer | null> {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) return null;
    filled += bytesRead;
  }
  return bytes;
}

function sameVersion(before: Stats, after: Stats): boolean {
  return before.size === after.size && before.mtimeMs === after.mtimeMs;
}

function refuseUnfit(path: string, stats: Stats): void {
  if (!stats.isFile()) throw new MusterError(notAFile(path));
  if (stats.size > MAX_RUNBOOK_BYTES) throw new MusterError(tooLarge(path, stats.size));
}

const SAFE = 'The file was not changed.';

function notMarkdown(path: string): Problem {
  return {
    code: 'not-markdown',
    what: `${path} is not a Markdown file.`,
    safe: SAFE,
    next: 'Choose a file whose name ends in .md or .markdown.',
    place: { file: path },
  };
}

function notText(path: string, bytes: Buffer, nul: number): Problem {
  const utf16 = bytes.length >= 2 && /^(fffe|feff)$/.test(bytes.toString('hex', 0, 2));
  return {
    code: 'not-text',
    what: utf16
      ? `${path} is written in UTF-16, which Muster does not read.`
      : `${path} is not a text file: it holds binary data.`,
    safe: SAFE,
    next: utf16 ? 'Save a copy as UTF-8 and open that.' : 'Choose a Markdown file.',
    place: { file: path, line: lineOf(bytes, nul) },
  };
}

function notAFile(path: string): Problem {
  return {
    code: 'not-a-file',
    what: `${path} is not a file.`,
    safe: 'Nothing was changed.',
    next: 'Choose a Markdown file, or add the folder to the library.',
    place: { file: path },
  };
}

function tooLarge(path: string, size: number): Problem {
  const megabytes = (size / 1024 / 1024).toFixed(1);
  return {
    code: 'runbook-too-large',
    what: `${path} has ${megabytes} MB; Muster reads runbooks of up to 32 MB.`,
    safe: SAFE,
    next: 'Split it into several runbooks.',
    place: { file: path },
  };
}

function changing(path: string): Problem {
  return {
    code: 'runbook-changing',
    what: `${path} changes while it is being read.`,
    safe: SAFE,
    next: 'Wait until the program that writes it is done, then open it again.',
    place: { file: path },
  };
}

function unreadable(path: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return {
      code: 'runbook-missing',
      what: `There is no file ${path}.`,
      safe: 'Runs that used it keep its text.',
      next: 'Choose another file, or restore this one.',
      place: { file: path },
      detail,
    };
  }
  if (code === 'EISDIR') return notAFile(path);
  if (code === 'ELOOP') {
    return {
      code: 'runbook-unreadable',
      what: `${path} is a link that leads back to itself.`,
      safe: 'Nothing was changed.',
      next: 'Let the link lead to a file, or open the file itself.',
      place: { file: path },
      detail,
    };
  }
  const denied = code === 'EACCES' || code === 'EPERM';
  return {
    code: 'runbook-unreadable',
    what: denied ? `You may not read ${path}.` : `${path} cannot be read.`,
    safe: SAFE,
    next: denied
      ? 'Ask for permission to read it, then open it again.'
      : 'Check the disk or share it is on, then open it again.',
    place: { file: path },
    detail,
  };
}
