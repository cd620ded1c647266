import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** An answer of the range: fields that a shell reads as `key=value` lines, or a program as JSON. */
export interface Answer {
  status: number;
  fields: Record<string, string | number>;
}

export type Handler = (request: {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
}) => Answer;

export interface LoopbackServer {
  port: number;
  close(): Promise<void>;
}

/** Largest request body in bytes. */
const LONGEST_BODY = 16_384;

/**
 * Serves `handle` on 127.0.0.1 alone: on `wanted` when that port is free, else on another. What a
 * web page in a browser may send (a foreign host name, an origin) is refused.
 */
export async function serve(handle: Handler, wanted: number | null): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    void answer(handle, request, response);
  });
  const port = await listen(server, wanted ?? 0).catch((error: unknown) => {
    if (wanted === null || !isTaken(error)) throw error;
    return listen(server, 0);
  });
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}

function isTaken(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}

async function answer(handle: Handler, request: IncomingMessage, response: ServerResponse) {
  let given: Answer;
  try {
    given = isForeign(request)
      ? refused(403, 'only local programs may ask')
      : await ask(handle, request);
  } catch (error) {
    given = refused(500, error instanceof Error ? error.message : String(error));
  }
  const asJson = request.headers.accept?.includes('application/json') ?? false;
  const lines = Object.entries(given.fields).map(([name, value]) => `${name}=${oneLine(value)}\n`);
  response.writeHead(given.status, {
    'content-type': asJson ? 'application/json' : 'text/plain; charset=utf-8',
  });
  response.end(asJson ? `${JSON.stringify(given.fields)}\n` : lines.join(''));
}

/** A value with a line break would read as another field. */
function oneLine(value: string | number): string {
  return String(value).replace(/[\r\n]+/g, ' ');
}

function isForeign(request: IncomingMessage): boolean {
  const name = request.headers.host?.split(':')[0];
  return request.headers.origin !== undefined || (name !== '127.0.0.1' && name !== 'localhost');
}

async function ask(handle: Handler, request: IncomingMessage): Promise<Answer> {
  let body = '';
  for await (const part of request.setEncoding('utf8')) {
    body += String(part);
    if (body.length > LONGEST_BODY) return refused(413, 'the body is too long');
  }
  const [path = '/', query = ''] = (request.url ?? '/').split('?');
  return handle({
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    form: new URLSearchParams(body),
  });
}

export function refused(status: number, reason: string): Answer {
  return { status, fields: { error: reason } };
}

export const notFound: Answer = refused(404, 'there is nothing here');
