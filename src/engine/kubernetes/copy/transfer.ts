import { MusterError } from '../../../core/problem.ts';
import { formatBytes } from '../../../core/units.ts';
import type { Progress } from '../../steps/structured.ts';
import type { KubernetesConnection } from '../connection.ts';
import { type Captured, captureInPod } from '../pods/capture.ts';
import { patiently } from '../pods/patience.ts';
import type { PodPlace } from '../pods/run.ts';

/** What every copy into or out of a container works with. */
export interface Transfer {
  connection: KubernetesConnection;
  place: PodPlace;
  signal: AbortSignal;
  log(line: string): void;
  progress(progress: Progress): void;
}

/** Runs a short program that may be run again, until the connection holds. */
export function inPod(
  transfer: Transfer,
  doing: string,
  command: readonly string[],
): Promise<Captured> {
  const { connection, place, signal } = transfer;
  return steadily(transfer, doing, undefined, () =>
    captureInPod(connection, place, command, { doing, signal }),
  );
}

/** The same for any attempt; `moved` tells how far it has come. */
export function steadily<T>(
  { signal, log }: Transfer,
  doing: string,
  moved: (() => number) | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  return patiently(
    {
      doing,
      signal,
      onRetry: (why) => log(`The connection broke: ${why}. Going on.`),
      ...(moved && { moved }),
    },
    attempt,
  );
}

/** A path that no program takes for an option. */
export function asOperand(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}

export interface RemoteFile {
  size: number;
  /** Seconds since 1970. */
  modified: number;
  isFolder: boolean;
}

/** What a path in the container is. Throws MusterError where there is nothing. */
export async function remoteFile(transfer: Transfer, path: string): Promise<RemoteFile> {
  const doing = `look at ${path} in pod/${transfer.place.pod}`;
  const { exitCode, out, err } = await inPod(transfer, doing, [
    'stat',
    '-L',
    '-c',
    '%s %Y %F',
    asOperand(path),
  ]);
  const [, size, modified, type = ''] = /^(\d+) (\d+) (.*)$/.exec(out.trim()) ?? [];
  if (exitCode === 0 && size !== undefined) {
    return { size: Number(size), modified: Number(modified), isFolder: type === 'directory' };
  }
  throw new MusterError({
    code: 'kubernetes-copy-source',
    what: `${path} in pod/${transfer.place.pod} cannot be read: ${err.trim() || `stat ended with ${exitCode}`}.`,
    safe: 'Nothing was copied.',
    next: 'Correct the path or the container, then retry.',
  });
}

const SHA256SUM = ['sha256sum'];
/** The same sums in the same form: it uses what the processor has for them, and most others do not. */
const OPENSSL = ['openssl', 'dgst', '-sha256', '-r'];
/** From here on it is worth the second question where a container has no openssl, in bytes. */
const LARGE = 64 * 1024 * 1024;

/**
 * SHA-256 in hexadecimal of files in the container by path, or null where it has no program for it.
 * `bytes`: of all of them, to choose the quickest.
 */
export async function remoteSums(
  transfer: Transfer,
  paths: readonly string[],
  bytes: number,
): Promise<Map<string, string> | null> {
  const programs = bytes < LARGE ? [SHA256SUM, OPENSSL] : [OPENSSL, SHA256SUM];
  for (const program of programs) {
    const sums = await sumsOf(transfer, program, paths);
    if (sums !== null) return sums;
  }
  return null;
}

/** A line of a sum; one that begins with a backslash has them in its path too. */
const SUM = /^(\\)?([0-9a-f]{64}) [ *](.+)$/gm;

function unescaped(path: string): string {
  return path.replace(/\\([\\n])/g, (_, one: string) => (one === 'n' ? '\n' : one));
}

/** Null where the container does not have the program, or has one that cannot do it. */
async function sumsOf(
  transfer: Transfer,
  program: readonly string[],
  paths: readonly string[],
): Promise<Map<string, string> | null> {
  const sums = new Map<string, string>();
  const doing = `check what was copied in pod/${transfer.place.pod}`;
  for (const batch of batches(paths)) {
    try {
      const { exitCode, out } = await inPod(transfer, doing, [...program, ...batch.map(asOperand)]);
      for (const [, escaped, hash = '', path = ''] of out.matchAll(SUM)) {
        sums.set(escaped === undefined ? path : unescaped(path), hash);
      }
      if (exitCode !== 0 && sums.size === 0) return null;
    } catch (error) {
      // A program that is missing is answered with a failure to start.
      if (error instanceof MusterError && error.problem.code === 'kubernetes-exec-failed')
        return null;
      if (error instanceof MusterError && /not found|no such file/i.test(error.problem.what))
        return null;
      throw error;
    }
  }
  return sums;
}

/** Command lines travel in an address, whose length servers bound: at most so many characters. */
const LONGEST_COMMAND = 16 * 1024;

export function batches(paths: readonly string[]): string[][] {
  const all: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const path of paths) {
    const own = encodeURIComponent(path).length + 9;
    if (length + own > LONGEST_COMMAND) {
      all.push([]);
      length = 0;
    }
    all.at(-1)?.push(path);
    length += own;
  }
  return all;
}

/** Tells of bytes as they come, with the rate over the last seconds. */
export function meter(
  transfer: Pick<Transfer, 'progress'>,
  label: string,
  total: number | null,
  begun = 0,
): { add(bytes: number): void; readonly done: number } {
  let done = begun;
  let window = { at: Date.now(), done: begun };
  let rate = '';
  return {
    add(bytes) {
      done += bytes;
      const now = Date.now();
      if (now - window.at >= 1_000) {
        rate = `, ${formatBytes(((done - window.done) * 1_000) / (now - window.at))}/s`;
        window = { at: now, done };
      }
      transfer.progress({ label: `${label}${rate}`, done, total, unit: 'bytes' });
    },
    get done() {
      return done;
    },
  };
}

export type Meter = ReturnType<typeof meter>;

/** A copy that is not the same as what was copied. */
export function differs(path: string, why: string): MusterError {
  return new MusterError({
    code: 'kubernetes-copy-differs',
    what: `The copy of ${path} is not the same as the original: ${why}.`,
    safe: 'The copy was not put in its place. The original was not changed.',
    next: 'Stop what writes to it while it is copied, then retry.',
  });
}
