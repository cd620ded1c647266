import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MusterError } from '../../../core/problem.ts';
import { runInPod } from '../pods/run.ts';
import type { CopiedFile } from './out-file.ts';
import {
  differs,
  inPod,
  type Meter,
  meter,
  remoteSums,
  steadily,
  type Transfer,
} from './transfer.ts';

/** Takes exactly so many bytes: the protocol cannot tell a program that its input has ended. */
const APPEND = 'head -c "$1" >> "$2"';
const SIZE = 'if [ -e "$1" ]; then wc -c < "$1"; else echo 0; fi';
/** After a broken connection the container may still be writing what had arrived, in ms. */
const STILL_MS = 500;

/**
 * Copies one file into a container, under another name until it is whole and its SHA-256 agrees. It
 * goes on where the container has come to after a broken connection. Throws MusterError.
 */
export async function copyFileIn(
  transfer: Transfer,
  from: string,
  path: string,
): Promise<CopiedFile> {
  const { size } = await stat(from);
  const sha256 = await sumOf(from);
  const part = `${path}.${sha256.slice(0, 12)}.part`;
  const begun = await arrived(transfer, part, size);
  if (begun > 0) transfer.log(`Going on at byte ${begun} of ${size}.`);
  let count = meter(transfer, `Copying ${basename(from)}`, size, begun);
  await send(
    transfer,
    from,
    part,
    size,
    () => count,
    (next) => {
      count = next;
    },
  );
  const remote = (await remoteSums(transfer, [part], size))?.get(part);
  if (remote !== undefined && remote !== sha256) {
    await inPod(transfer, `remove ${part}`, ['rm', '-f', part]);
    throw differs(path, 'their SHA-256 differ');
  }
  const doing = `put ${path} in its place`;
  const moved = await inPod(transfer, doing, ['mv', '-f', part, path]);
  // A repeated move finds the file moved already.
  if (moved.exitCode !== 0 && (await arrived(transfer, path, size)) !== size) {
    throw refused(path, moved.err);
  }
  return { bytes: size, sha256, isVerified: remote !== undefined };
}

async function send(
  transfer: Transfer,
  from: string,
  part: string,
  size: number,
  count: () => Meter,
  restart: (meter: Meter) => void,
): Promise<void> {
  const { connection, place, signal } = transfer;
  const doing = `copy ${basename(from)} into pod/${place.pod}`;
  let isFirst = true;
  await steadily(
    transfer,
    doing,
    () => count().done,
    async () => {
      if (!isFirst) {
        const there = await settled(transfer, part, size);
        restart(meter(transfer, `Copying ${basename(from)}`, size, there));
      }
      isFirst = false;
      const start = count().done;
      if (start >= size && size > 0) return;
      let errors = '';
      const exitCode = await runInPod(connection, place, {
        command: ['sh', '-c', APPEND, 'sh', String(size - start), part],
        doing,
        signal,
        input: counted(createReadStream(from, { start, highWaterMark: 256 * 1024 }), count()),
        onErr: (bytes) => {
          errors += bytes.toString('utf8');
        },
      });
      if (exitCode !== 0) throw refused(part, errors);
    },
  );
  if ((await arrived(transfer, part, size)) !== size) throw differs(part, 'not all of it arrived');
}

async function* counted(
  input: AsyncIterable<Buffer>,
  count: Meter,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of input) {
    yield chunk;
    count.add(chunk.length);
  }
}

/** How many bytes of the part are in the container; a larger one is another file's and is removed. */
async function arrived(transfer: Transfer, part: string, size: number): Promise<number> {
  const doing = `look at ${part} in pod/${transfer.place.pod}`;
  const { exitCode, out, err } = await inPod(transfer, doing, ['sh', '-c', SIZE, 'sh', part]);
  const bytes = Number(out.trim());
  if (exitCode !== 0 || !Number.isInteger(bytes)) throw refused(part, err);
  if (bytes <= size) return bytes;
  await inPod(transfer, `remove ${part}`, ['rm', '-f', part]);
  return 0;
}

/** The same once it does not grow any more. */
async function settled(transfer: Transfer, part: string, size: number): Promise<number> {
  let before = -1;
  for (;;) {
    const now = await arrived(transfer, part, size);
    if (now === before) return now;
    before = now;
    await pause(STILL_MS, undefined, { signal: transfer.signal });
  }
}

export async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    hash.update(chunk);
  return hash.digest('hex');
}

export function refused(path: string, why: string): MusterError {
  return new MusterError({
    code: 'kubernetes-copy-refused',
    what: `${path} cannot be written in the container: ${why.trim() || 'the program gave no reason'}.`,
    safe: 'What stood at this path was not touched.',
    next: 'Check the path, the space and the permissions in the container, then retry.',
  });
}
