import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Session } from './session.ts';

/** How long a connection may take to stand, TLS included, in ms. */
const CONNECT_MS = 10_000;

export interface WireRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** How long the answer may take to begin, in ms. */
  answerMs: number;
  /** How long the answer may pause, in ms. */
  idleMs: number;
  signal?: AbortSignal;
}

export interface WireAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Readable;
}

/** No answer, or one that broke off. */
export class WireFailure extends Error {
  /**
   * `refused`: no connection. `silent`: it accepts and does not answer. `broken`: it ended in the
   * middle. `tls`: the two do not trust each other.
   */
  readonly kind: 'refused' | 'silent' | 'broken' | 'tls';
  /** False where the server cannot have received the request. */
  readonly mayHaveArrived: boolean;

  constructor(kind: WireFailure['kind'], mayHaveArrived: boolean, message: string) {
    super(message);
    this.name = 'WireFailure';
    this.kind = kind;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/**
 * Sends one request and resolves with the head of its answer. Rejects with WireFailure, or with the
 * signal's reason. The body fails with WireFailure where it breaks off or stands still.
 */
export async function send(session: Session, asked: WireRequest): Promise<WireAnswer> {
  const { signal } = asked;
  signal?.throwIfAborted();
  const { agent, headers } = await session.access(signal);
  signal?.throwIfAborted();
  const { server } = session;
  const isSecure = server.protocol === 'https:';
  const body = asked.body === undefined ? undefined : Buffer.from(asked.body);
  return new Promise((resolve, reject) => {
    const request = (isSecure ? httpsRequest : httpRequest)({
      protocol: server.protocol,
      hostname: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port || (isSecure ? 443 : 80),
      path: `${server.pathname.replace(/\/$/, '')}${asked.path}`,
      method: asked.method,
      agent,
      headers: {
        accept: 'application/json',
        'user-agent': 'muster',
        ...headers,
        ...asked.headers,
        ...(body && { 'content-length': String(body.length) }),
      },
    });
    let stage: 'connecting' | 'waiting' | 'reading' = 'connecting';
    let timer: NodeJS.Timeout | undefined;
    const limit = (ms: number, message: string): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        request.destroy(new WireFailure('silent', stage !== 'connecting', message));
      }, ms);
    };
    const abort = (): void => {
      request.destroy(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    signal?.addEventListener('abort', abort, { once: true });
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };

    const connectMs = Math.min(CONNECT_MS, asked.answerMs);
    limit(connectMs, `no connection within ${Math.round(connectMs / 1000)} s`);
    whenConnected(request, isSecure, () => {
      stage = 'waiting';
      limit(asked.answerMs, `no answer within ${Math.round(asked.answerMs / 1000)} s`);
    });
    request.once('error', (error) => {
      if (stage === 'reading') return;
      finish();
      if (signal?.aborted === true) reject(signal.reason);
      else reject(error instanceof WireFailure ? error : asFailure(error, stage === 'waiting'));
    });
    request.once('response', (response) => {
      stage = 'reading';
      finish();
      watchBody(response, asked.idleMs, signal);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response });
    });
    request.end(body);
  });
}

/**
 * Breaks a body off where nothing comes for too long or the signal says so. The bytes of its
 * connection are counted, because a listener of our own would make the body flow before its reader.
 */
function watchBody(
  response: IncomingMessage,
  idleMs: number,
  signal: AbortSignal | undefined,
): void {
  const { socket } = response;
  let bytes = socket.bytesRead;
  let movedAt = Date.now();
  const timer = setInterval(
    () => {
      // A reader that is slow holds the network back itself.
      if (socket.bytesRead !== bytes || response.readableLength > 0) {
        bytes = socket.bytesRead;
        movedAt = Date.now();
      } else if (Date.now() - movedAt >= idleMs) {
        const message = `the answer stood still for ${idleMs / 1000} s`;
        response.destroy(new WireFailure('silent', true, message));
      }
    },
    Math.min(1_000, idleMs / 4),
  );
  const abort = (): void => {
    response.destroy(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
  };
  signal?.addEventListener('abort', abort, { once: true });
  response.once('close', () => {
    clearInterval(timer);
    signal?.removeEventListener('abort', abort);
  });
}

/** The whole body as text. Rejects with WireFailure `broken` where it breaks off. */
export async function textOf(body: Readable, signal?: AbortSignal): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of body) parts.push(part);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof WireFailure ? error : asFailure(error, true);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Anything thrown while a request was under way, as a WireFailure. */
export function asFailure(error: unknown, mayHaveArrived: boolean): WireFailure {
  if (error instanceof WireFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/CERT|SSL|TLS|SIGNATURE|EPROTO/.test(code)) return new WireFailure('tls', false, message);
  return mayHaveArrived
    ? new WireFailure('broken', true, message)
    : new WireFailure('refused', false, message);
}

/** Connections that stand. A kept one may be given to a request that waited for it. */
const standing = new WeakSet<Socket>();

function whenConnected(request: ClientRequest, isSecure: boolean, then: () => void): void {
  request.once('socket', (socket) => {
    if (standing.has(socket)) return then();
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      standing.add(socket);
      then();
    });
  });
}
