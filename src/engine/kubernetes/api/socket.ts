import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { MusterError } from '../../../core/problem.ts';
import { type Query, withQuery } from './client.ts';
import { noAnswer, refusal } from './problems.ts';
import type { Session } from './session.ts';
import { asFailure, textOf, WireFailure } from './wire.ts';

/** How long the handshake may take, in ms. */
const HANDSHAKE_MS = 15_000;
/** How often the other side is asked for a sign of life, in ms. */
const PING_MS = 5_000;
/** Without one for so long the connection counts as broken, in ms. */
const SILENT_MS = 20_000;
/** The subprotocol that exec and port-forward speak on every cluster since 1.4: one byte of channel. */
const PROTOCOL = 'v4.channel.k8s.io';

/** Messages of numbered channels in both directions, in order, one at a time. */
export interface ChannelSocket {
  /** Resolves when the bytes have left this process, so that a sender is held back. */
  send(channel: number, bytes: Uint8Array): Promise<void>;
  /** Resolves when the other side closed it; rejects with WireFailure where it broke. */
  ended: Promise<void>;
  close(): void;
}

/**
 * Opens a streaming connection to an exec or port-forward path. `onMessage` is given one message
 * after the other; while its promise is pending nothing more is read from the network. Throws
 * MusterError where the cluster refuses, or rejects with the signal's reason.
 */
export async function openSocket(
  session: Session,
  path: string,
  options: {
    query: Query;
    doing: string;
    signal?: AbortSignal;
    onMessage: (channel: number, bytes: Buffer) => void | Promise<void>;
  },
): Promise<ChannelSocket> {
  const { signal } = options;
  const errand = {
    doing: options.doing,
    changes: false,
    server: session.server.origin,
    method: 'GET',
    path,
  };
  signal?.throwIfAborted();
  const { agent, headers } = await session.access(signal);
  // Loaded when a connection first needs it, to keep the start of Muster short.
  const { WebSocket } = await import('ws');
  const base = session.server.href.replace(/^http/, 'ws').replace(/\/$/, '');
  const socket = new WebSocket(`${base}${withQuery(path, options.query)}`, [PROTOCOL], {
    agent,
    headers: { 'user-agent': 'muster', ...headers },
    handshakeTimeout: HANDSHAKE_MS,
    perMessageDeflate: false,
  });
  const abort = (): void => socket.terminate();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await opened(socket);
  } catch (error) {
    signal?.removeEventListener('abort', abort);
    signal?.throwIfAborted();
    if (error instanceof Refused) throw refusal(errand, error.status, error.body);
    throw noAnswer(errand, asFailure(error, false));
  }
  const channelSocket = channels(socket, options.onMessage, () => {
    signal?.removeEventListener('abort', abort);
    return signal;
  });
  socket.resume();
  return channelSocket;
}

class Refused extends Error {
  readonly status: number;
  readonly body: string;
  constructor(status: number, body: string) {
    super(`answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      // What comes with the handshake in one packet would be handed out before anybody listens.
      socket.pause();
      resolve();
    });
    socket.once('error', (error) => {
      const isSilent = /handshake has timed out/.test(error.message);
      reject(isSilent ? new WireFailure('silent', false, error.message) : error);
    });
    socket.once('unexpected-response', (request: { destroy(): void }, answer: IncomingMessage) => {
      textOf(answer)
        .catch(() => '')
        .then((body) => {
          reject(new Refused(answer.statusCode ?? 0, body));
          request.destroy();
        });
    });
  });
}

function channels(
  socket: WebSocket,
  onMessage: (channel: number, bytes: Buffer) => void | Promise<void>,
  settle: () => AbortSignal | undefined,
): ChannelSocket {
  let failure: unknown = null;
  let seen = Date.now();
  let reading: Promise<void> = Promise.resolve();
  let pending = 0;

  const fail = (error: unknown): void => {
    failure ??= error;
    socket.terminate();
  };
  socket.on('message', (data: Buffer) => {
    seen = Date.now();
    const [channel = 255] = data;
    const handled = pending === 0 ? onMessage(channel, data.subarray(1)) : null;
    if (handled === undefined) return;
    // One message is still being worked on: the network waits, and what came waits in line.
    pending += 1;
    socket.pause();
    reading = reading
      .then(() => handled ?? onMessage(channel, data.subarray(1)))
      .catch(fail)
      .then(() => {
        pending -= 1;
        seen = Date.now();
        if (pending === 0) socket.resume();
      });
  });
  socket.on('pong', () => {
    seen = Date.now();
  });
  const pulse = setInterval(() => {
    if (pending > 0) return;
    if (Date.now() - seen > SILENT_MS) {
      fail(new WireFailure('silent', true, `no sign of life for ${SILENT_MS / 1000} s`));
    } else if (socket.readyState === socket.OPEN) socket.ping();
  }, PING_MS);

  const ended = new Promise<void>((resolve, reject) => {
    socket.on('error', (error) => {
      failure ??= asFailure(error, true);
    });
    socket.once('close', (code) => {
      clearInterval(pulse);
      const signal = settle();
      reading.then(() => {
        if (signal?.aborted === true) reject(signal.reason);
        else if (failure !== null) reject(failure);
        else if (code === 1000 || code === 1005) resolve();
        else reject(new WireFailure('broken', true, `it was closed with code ${code}`));
      });
    });
  });
  // Whoever waits for it learns of it; nobody has to.
  ended.catch(() => undefined);

  return {
    send: (channel, bytes) =>
      new Promise((resolve, reject) => {
        const message = Buffer.allocUnsafe(bytes.length + 1);
        message[0] = channel;
        message.set(bytes, 1);
        socket.send(message, (error) => {
          if (error) reject(asFailure(error, true));
          else resolve();
        });
      }),
    ended,
    close: () => socket.close(1000),
  };
}

/** The problem of a stream into a pod that broke. */
export function brokenStream(doing: string, error: unknown, next: string): MusterError {
  const why = error instanceof Error ? error.message : String(error);
  return new MusterError({
    code: 'kubernetes-stream-broken',
    what: `The connection into the pod broke while Muster wanted to ${doing}: ${why}.`,
    safe: 'Nothing was repeated by itself. What ran in the container may still be running.',
    next,
  });
}
