import type { KubernetesConnection } from '../connection.ts';
import { type PodPlace, runInPod } from './run.ts';

/** More output than this is cut, in bytes. */
const LARGEST_OUTPUT = 16 * 1024 * 1024;

export interface Captured {
  exitCode: number;
  out: string;
  err: string;
}

/** Runs a short program in a container and keeps what it prints. Rejects as `runInPod` does. */
export async function captureInPod(
  connection: KubernetesConnection,
  place: PodPlace,
  command: readonly string[],
  options: { doing: string; signal: AbortSignal },
): Promise<Captured> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let size = 0;
  const take = (list: Buffer[]) => (bytes: Buffer) => {
    size += bytes.length;
    if (size <= LARGEST_OUTPUT) list.push(bytes);
  };
  const exitCode = await runInPod(connection, place, {
    ...options,
    command,
    onOut: take(out),
    onErr: take(err),
  });
  return {
    exitCode,
    out: Buffer.concat(out).toString('utf8'),
    err: Buffer.concat(err).toString('utf8'),
  };
}
