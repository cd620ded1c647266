import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { pack } from 'tar-stream';
import { runInPod } from '../pods/run.ts';
import { copyFileIn, refused } from './in-file.ts';
import { type CopiedFolder, LARGE_FILE } from './out-folder.ts';
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

/** Takes exactly the archive's bytes, because the protocol cannot tell tar that it has ended. */
const UNPACK = 'head -c "$1" | tar xf - -C "$2"';

interface Local {
  path: string;
  size: number;
  mode: number;
}

/**
 * Copies a folder into a container: large files by themselves, small ones in archives of at most 8
 * MiB. Links are left out and said. Throws MusterError.
 */
export async function copyFolderIn(
  transfer: Transfer,
  from: string,
  folder: string,
): Promise<CopiedFolder> {
  const root = folder.replace(/\/+$/, '') || '/';
  const files: Local[] = [];
  const folders: string[] = [''];
  await walk(transfer, from, '', files, folders);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  for (const batch of batches(folders.map((path) => posix.join(root, path)))) {
    const doing = `make ${root} in pod/${transfer.place.pod}`;
    const made = await inPod(transfer, doing, ['mkdir', '-p', ...batch.map(asOperand)]);
    if (made.exitCode !== 0) throw refused(root, made.err);
  }
  const count = meter(transfer, `Copying to ${root}`, total);
  const quiet: Transfer = { ...transfer, progress: () => undefined };
  for (const { path, size } of files.filter((file) => file.size >= LARGE_FILE)) {
    await copyFileIn(quiet, join(from, path), posix.join(root, path));
    count.add(size);
  }
  const small = files.filter(({ size }) => size < LARGE_FILE);
  const sums = new Map<string, string>();
  for (const batch of bySize(small)) await sendBatch(transfer, from, root, batch, sums, count);

  const remote = await remoteSums(
    transfer,
    small.map(({ path }) => posix.join(root, path)),
    small.reduce((sum, { size }) => sum + size, 0),
  );
  for (const { path } of remote === null ? [] : small) {
    if (remote?.get(asOperand(posix.join(root, path))) !== sums.get(path)) {
      throw differs(posix.join(root, path), 'their SHA-256 differ');
    }
  }
  return { bytes: total, files: files.length, isVerified: remote !== null };
}

async function walk(
  transfer: Transfer,
  from: string,
  at: string,
  files: Local[],
  folders: string[],
): Promise<void> {
  for (const name of (await readdir(join(from, at))).sort()) {
    const path = posix.join(at, name);
    const found = await lstat(join(from, path));
    if (found.isDirectory()) {
      folders.push(path);
      await walk(transfer, from, path, files, folders);
    } else if (found.isFile()) files.push({ path, size: found.size, mode: found.mode & 0o777 });
    else transfer.log(`Left out ${path}: it is neither a file nor a folder.`);
  }
}

/** Groups whose archives fit into memory. */
function bySize(files: readonly Local[]): Local[][] {
  const all: Local[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (size + file.size > LARGE_FILE) {
      all.push([]);
      size = 0;
    }
    all.at(-1)?.push(file);
    size += file.size + 1024;
  }
  return all;
}

async function sendBatch(
  transfer: Transfer,
  from: string,
  root: string,
  batch: readonly Local[],
  sums: Map<string, string>,
  count: Meter,
): Promise<void> {
  const { connection, place, signal } = transfer;
  const archive = await packed(from, batch, sums);
  const doing = `copy into ${root} of pod/${place.pod}`;
  await steadily(transfer, doing, undefined, async () => {
    let errors = '';
    const exitCode = await runInPod(connection, place, {
      command: ['sh', '-c', UNPACK, 'sh', String(archive.length), root],
      doing,
      signal,
      input: one(archive),
      onErr: (chunk) => {
        errors += chunk.toString('utf8');
      },
    });
    if (exitCode !== 0) throw refused(root, errors);
  });
  count.add(batch.reduce((sum, { size }) => sum + size, 0));
}

async function packed(
  from: string,
  batch: readonly Local[],
  sums: Map<string, string>,
): Promise<Buffer> {
  const archive = pack();
  const chunks: Uint8Array[] = [];
  for (const { path, mode } of batch) {
    const content = await readFile(join(from, path));
    sums.set(path, createHash('sha256').update(content).digest('hex'));
    archive.entry({ name: path, mode }, content);
  }
  archive.finalize();
  for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes;
}
