import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runInPod } from '../pods/run.ts';
import { BlockWriter } from './block-writer.ts';
import {
  asOperand,
  differs,
  type Meter,
  meter,
  type RemoteFile,
  remoteFile,
  remoteSums,
  steadily,
  type Transfer,
} from './transfer.ts';

export interface CopiedFile {
  bytes: number;
  sha256: string;
  /** False where the container has no program for sums: then the size alone was compared. */
  isVerified: boolean;
}

/**
 * Copies one file out of a container. Memory does not depend on its size. After a broken connection
 * it goes on from the last byte that arrived, also in a later attempt. Throws MusterError.
 */
export async function copyFileOut(
  transfer: Transfer,
  path: string,
  to: string,
): Promise<CopiedFile> {
  const before = await remoteFile(transfer, path);
  await mkdir(dirname(to), { recursive: true });
  const part = partOf(to, transfer, path, before);
  await removeOldParts(to, part);
  const hash = createHash('sha256');
  const begun = await hashWhatIsThere(part, before.size, hash);
  if (begun > 0) transfer.log(`Going on at byte ${begun} of ${before.size}.`);
  // The container reads its file while it is sent: it is read from the disk once.
  const sums = remoteSums(transfer, [path], before.size);
  sums.catch(() => undefined);
  const count = meter(transfer, `Copying ${basename(path)}`, before.size, begun);
  await receive(transfer, path, part, before.size, hash, count);

  const sha256 = hash.digest('hex');
  const after = await remoteFile(transfer, path);
  const fault = async (why: string) => {
    await rm(part, { force: true });
    return differs(path, why);
  };
  if (after.size !== before.size || after.modified !== before.modified) {
    throw await fault('it was changed while it was copied');
  }
  if (count.done !== before.size) {
    throw await fault(`${count.done} of ${before.size} bytes arrived`);
  }
  const remote = (await sums)?.get(asOperand(path));
  if (remote !== undefined && remote !== sha256) throw await fault('their SHA-256 differ');
  await rename(part, to);
  return { bytes: before.size, sha256, isVerified: remote !== undefined };
}

/** Writes what is missing of the file, across as many connections as it takes. */
async function receive(
  transfer: Transfer,
  path: string,
  part: string,
  size: number,
  hash: Hash,
  count: Meter,
): Promise<void> {
  const { connection, place, signal } = transfer;
  const doing = `copy ${path} out of pod/${place.pod}`;
  const file = await open(part, 'a', 0o600);
  const writer = new BlockWriter(file, hash);
  try {
    await steadily(
      transfer,
      doing,
      () => count.done,
      async () => {
        if (count.done >= size) return;
        let errors = '';
        const exitCode = await runInPod(connection, place, {
          command: readFrom(count.done, asOperand(path)),
          doing,
          signal,
          onErr: (bytes) => {
            errors += bytes.toString('utf8');
          },
          onOut(bytes) {
            count.add(bytes.length);
            return writer.add(bytes);
          },
        });
        if (exitCode !== 0)
          throw differs(path, errors.trim() || `reading it ended with ${exitCode}`);
      },
    );
  } finally {
    // What arrived is kept also where the rest does not: a later attempt goes on after it.
    await writer.flush().finally(() => file.close());
  }
}

/** A whole file is read in larger pieces by cat than by tail, which costs every hop less. */
function readFrom(at: number, path: string): string[] {
  return at === 0 ? ['cat', path] : ['tail', '-c', `+${at + 1}`, path];
}

/** The name tells of which file this is a part, so that another one is not continued with it. */
function partOf(to: string, { place }: Transfer, path: string, file: RemoteFile): string {
  const source = [place.namespace, place.pod, place.container, path, file.size, file.modified];
  const mark = createHash('sha256').update(source.join('\0')).digest('hex').slice(0, 12);
  return join(dirname(to), `.${basename(to)}.${mark}.part`);
}

async function removeOldParts(to: string, part: string): Promise<void> {
  const [prefix, kept] = [`.${basename(to)}.`, basename(part)];
  for (const name of await readdir(dirname(to))) {
    const isPart =
      name.startsWith(prefix) && /^[0-9a-f]{12}\.part$/.test(name.slice(prefix.length));
    if (isPart && name !== kept) await rm(join(dirname(to), name), { force: true });
  }
}

/** Puts what an earlier attempt left into the hash; how many bytes that is. */
async function hashWhatIsThere(part: string, size: number, hash: Hash): Promise<number> {
  const found = await stat(part).catch(() => null);
  if (found === null || found.size > size) {
    await rm(part, { force: true });
    return 0;
  }
  for await (const chunk of createReadStream(part, { highWaterMark: 1024 * 1024 }))
    hash.update(chunk);
  return found.size;
}
