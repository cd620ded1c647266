import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, symlink, unlink } from 'node:fs/promises';
import { dirname, join, posix, resolve, sep } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { MusterError } from '../../../core/problem.ts';
import { runInPod } from '../pods/run.ts';
import { copyFileOut } from './out-file.ts';
import {
  asOperand,
  batches,
  differs,
  inPod,
  type Meter,
  meter,
  remoteSums,
  steadily,
  type Transfer,
} from './transfer.ts';

/** A file of at least this size is copied by itself, so that it can go on in its middle, in bytes. */
export const LARGE_FILE = 8 * 1024 * 1024;

export interface CopiedFolder {
  bytes: number;
  files: number;
  isVerified: boolean;
}

interface Listed {
  path: string;
  size: number;
}

/**
 * Copies a folder out of a container: large files by themselves, small ones in archives of many. A
 * broken connection costs at most the archive under way. Links that lead out of the folder are left
 * out and said. Throws MusterError.
 */
export async function copyFolderOut(
  transfer: Transfer,
  folder: string,
  to: string,
): Promise<CopiedFolder> {
  const root = folder.replace(/\/+$/, '') || '/';
  const { files, folders, links } = await list(transfer, root);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  await mkdir(to, { recursive: true });
  for (const path of folders) await mkdir(inside(to, path), { recursive: true });

  const count = meter(transfer, `Copying ${root}`, total);
  const sums = new Map<string, string>();
  const large = files.filter(({ size }) => size >= LARGE_FILE);
  const quiet: Transfer = { ...transfer, progress: () => undefined };
  for (const { path, size } of large) {
    const copied = await copyFileOut(quiet, posix.join(root, path), inside(to, path));
    sums.set(path, copied.sha256);
    count.add(size);
  }
  const small = files.filter(({ size }) => size < LARGE_FILE);
  for (const batch of batches(small.map(({ path }) => path)))
    await unpackBatch(transfer, root, to, batch, sums, count);
  for (const { path, target } of links) await link(transfer, to, path, target);
  const isVerified = await verify(transfer, root, small, sums);
  return { bytes: total, files: files.length, isVerified };
}

async function list(
  transfer: Transfer,
  root: string,
): Promise<{ files: Listed[]; folders: string[]; links: { path: string; target: string }[] }> {
  const start = asOperand(root);
  const find = async (...more: string[]): Promise<string[]> => {
    const doing = `list ${root} in pod/${transfer.place.pod}`;
    const { exitCode, out, err } = await inPod(transfer, doing, ['find', start, ...more]);
    if (exitCode !== 0) throw unlisted(root, err);
    return out.split('\n').filter((line) => line !== '');
  };
  const relative = (path: string): string => posix.relative(start, path);
  const files = await find('-type', 'f', '-exec', 'stat', '-c', '%s %n', '{}', '+');
  const folders = await find('-type', 'd');
  const links = await find('-type', 'l', '-exec', 'stat', '-c', '%N', '{}', '+');
  return {
    files: files.map((line) => {
      const [, size, path = ''] = /^(\d+) (.+)$/.exec(line) ?? [];
      if (size === undefined) throw unlisted(root, `the name of a file has a line break: ${line}`);
      return { path: relative(path), size: Number(size) };
    }),
    folders: folders.map(relative),
    links: links.flatMap((line) => {
      const [, path, target] = /^['"]?(.+?)['"]? -> ['"]?(.+?)['"]?$/.exec(line) ?? [];
      return path === undefined || target === undefined ? [] : [{ path: relative(path), target }];
    }),
  };
}

/** One archive of small files; done again as a whole where its connection breaks. */
async function unpackBatch(
  transfer: Transfer,
  root: string,
  to: string,
  batch: readonly string[],
  sums: Map<string, string>,
  count: Meter,
): Promise<void> {
  const { connection, place, signal } = transfer;
  const doing = `copy ${root} out of pod/${place.pod}`;
  const wanted = new Set(batch);
  let bytes = 0;
  await steadily(transfer, doing, undefined, async () => {
    bytes = 0;
    let errors = '';
    const archive = new PassThrough({ highWaterMark: 1024 * 1024 });
    const unpacked = unpack(archive, to, wanted, (path, sha256, size) => {
      sums.set(path, sha256);
      bytes += size;
    });
    unpacked.catch(() => undefined);
    try {
      const exitCode = await runInPod(connection, place, {
        command: ['tar', 'cf', '-', '-C', asOperand(root), ...batch.map((path) => `./${path}`)],
        doing,
        signal,
        onErr: (chunk) => {
          errors += chunk.toString('utf8');
        },
        onOut: (chunk) =>
          archive.write(chunk)
            ? undefined
            : new Promise<void>((done, failed) => {
                archive.once('drain', done);
                unpacked.catch(failed);
              }),
      });
      if (exitCode !== 0) throw differs(root, errors.trim() || `tar ended with ${exitCode}`);
      archive.end();
      await unpacked;
    } finally {
      archive.destroy();
    }
  });
  const missing = batch.find((path) => !sums.has(path));
  if (missing !== undefined) throw differs(posix.join(root, missing), 'it is not in the archive');
  count.add(bytes);
}

/** Writes the files of an archive, and nothing that was not asked for: the container is not trusted. */
async function unpack(
  archive: PassThrough,
  to: string,
  wanted: ReadonlySet<string>,
  onFile: (path: string, sha256: string, size: number) => void,
): Promise<void> {
  const entries = extract();
  const piped = pipeline(archive, entries);
  piped.catch(() => undefined);
  for await (const entry of entries) {
    const path = posix.normalize(entry.header.name);
    if (entry.header.type !== 'file' || !wanted.has(path)) {
      entry.resume();
      continue;
    }
    const hash = createHash('sha256');
    const file = inside(to, path);
    await mkdir(dirname(file), { recursive: true });
    let size = 0;
    const out = createWriteStream(file, { mode: (entry.header.mode ?? 0o600) & 0o777 });
    await pipeline(
      Readable.from(
        hashed(entry, hash, (bytes) => {
          size += bytes;
        }),
      ),
      out,
    );
    onFile(path, hash.digest('hex'), size);
  }
  await piped;
}

async function* hashed(
  chunks: AsyncIterable<unknown>,
  hash: Hash,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) continue;
    hash.update(chunk);
    onBytes(chunk.length);
    yield chunk;
  }
}

async function link(transfer: Transfer, to: string, path: string, target: string): Promise<void> {
  const at = posix.normalize(posix.join(posix.dirname(path), target));
  if (posix.isAbsolute(target) || at === '..' || at.startsWith('../')) {
    transfer.log(`Left out the link ${path}: it leads out of the folder, to ${target}.`);
    return;
  }
  const file = inside(to, path);
  await unlink(file).catch(() => undefined);
  await symlink(target, file);
}

async function verify(
  transfer: Transfer,
  root: string,
  files: readonly { path: string; size: number }[],
  sums: ReadonlyMap<string, string>,
): Promise<boolean> {
  const remote = await remoteSums(
    transfer,
    files.map(({ path }) => posix.join(root, path)),
    files.reduce((sum, { size }) => sum + size, 0),
  );
  if (remote === null) return false;
  for (const { path } of files) {
    if (remote.get(asOperand(posix.join(root, path))) !== sums.get(path)) {
      throw differs(posix.join(root, path), 'their SHA-256 differ');
    }
  }
  return true;
}

/** A path of the folder on this machine. Throws where it would lie elsewhere. */
function inside(to: string, path: string): string {
  const file = resolve(join(to, path));
  const base = resolve(to);
  if (file !== base && !file.startsWith(base + sep))
    throw differs(path, 'it leads out of the folder');
  return file;
}

function unlisted(root: string, why: string): MusterError {
  return new MusterError({
    code: 'kubernetes-copy-source',
    what: `The folder ${root} in the container cannot be listed: ${why.trim()}.`,
    safe: 'Nothing was copied.',
    next: 'Correct the path or the container, then retry.',
  });
}
