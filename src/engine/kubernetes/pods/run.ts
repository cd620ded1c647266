import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { MusterError } from '../../../core/problem.ts';
import { openSocket } from '../api/socket.ts';
import { WireFailure } from '../api/wire.ts';
import type { KubernetesConnection } from '../connection.ts';

/** A container of a pod. */
export interface PodPlace {
  namespace: string;
  pod: string;
  container: string;
}

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

/** How long the connection may stay open after the command has ended, in ms. */
const CLOSING_MS = 3_000;
/** The largest message to the pod, in bytes; servers refuse very large ones. */
const LARGEST_MESSAGE = 32 * 1024;

const statusSchema = z.object({
  status: z.string(),
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z
    .object({
      causes: z.array(z.object({ reason: z.string().optional(), message: z.string().optional() })),
    })
    .optional(),
});

export interface RunOptions {
  /** The program and its arguments; no shell reads them. */
  command: readonly string[];
  doing: string;
  signal?: AbortSignal;
  /** While it is pending nothing more is read from the pod. */
  onOut?: (bytes: Buffer) => void | Promise<void>;
  onErr?: (bytes: Buffer) => void | Promise<void>;
  /** What is sent to its standard input. It is not told where the input ends. */
  input?: AsyncIterable<Uint8Array>;
}

/**
 * Runs a program in a container and resolves with its exit code. Rejects with MusterError where the
 * cluster refuses or the program cannot be started, with WireFailure where the connection broke and
 * so nobody knows the end, and with the signal's reason.
 */
export async function runInPod(
  connection: KubernetesConnection,
  { namespace, pod, container }: PodPlace,
  options: RunOptions,
): Promise<number> {
  const { command, doing, signal, onOut, onErr, input } = options;
  let status: string | null = null;
  const [program = '', ...rest] = command;
  const query = new URLSearchParams();
  for (const word of [program, ...rest]) query.append('command', word);
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query}`;
  const socket = await openSocket(connection.client.session, path, {
    doing,
    query: { container, stdout: true, stderr: true, stdin: input !== undefined, tty: false },
    ...(signal && { signal }),
    onMessage(channel, bytes) {
      if (bytes.length === 0) return;
      if (channel === STDOUT) return onOut?.(bytes);
      if (channel === STDERR) return onErr?.(bytes);
      if (channel === STATUS) {
        status = (status ?? '') + bytes.toString('utf8');
        // Everything was sent before; a server that forgets to close is not waited for.
        pause(CLOSING_MS, undefined, { ref: false }).then(() => socket.close());
      }
    },
  });
  let inputFailure: unknown = null;
  const sending = input
    ? sendAll(input, socket.send, () => status !== null).catch((error: unknown) => {
        inputFailure = error;
        if (status === null) socket.close();
      })
    : Promise.resolve();
  try {
    await socket.ended;
  } catch (error) {
    signal?.throwIfAborted();
    // The program's end is known although the connection was not closed as it should be.
    if (status === null) throw error;
  }
  await sending;
  if (inputFailure !== null && status === null) throw inputFailure;
  if (status === null) throw new WireFailure('broken', true, 'it ended without an exit code');
  return exitCodeOf(doing, status);
}

async function sendAll(
  input: AsyncIterable<Uint8Array>,
  send: (channel: number, bytes: Uint8Array) => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length && !isOver(); at += LARGEST_MESSAGE) {
      await send(STDIN, chunk.subarray(at, at + LARGEST_MESSAGE));
    }
    if (isOver()) return;
  }
}

function exitCodeOf(doing: string, text: string): number {
  const read = statusSchema.safeParse(asJson(text));
  if (read.success && read.data.status === 'Success') return 0;
  const causes = read.success ? (read.data.details?.causes ?? []) : [];
  const code = Number(causes.find((cause) => cause.reason === 'ExitCode')?.message ?? Number.NaN);
  if (Number.isInteger(code)) return code;
  const message = (read.success ? read.data.message : text) ?? text;
  throw new MusterError({
    code: 'kubernetes-exec-failed',
    what: `Muster could not ${doing}: ${message.replace(/\.$/, '')}.`,
    safe: 'The program did not run to its end.',
    next: 'Check the container and the program, then retry.',
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
