import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createSocketServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listen } from '../checks/test/listen.ts';
import { makeCertificate } from '../test/certificates.ts';
import { http } from './http.ts';
import { testContext } from './test/context.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe('http steps', () => {
  let answer: Handler;
  let base: string;
  const seen: { method: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', headers } = request;
      seen.push({ method, headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });

  beforeAll(async () => {
    base = `http://127.0.0.1:${await listen(server)}`;
  });
  beforeEach(() => {
    seen.length = 0;
    answer = (_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: 'ok', queue: { length: 7 }, version: '1.4' }));
    };
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const act = (body: object, secrets: Record<string, string> = {}) =>
    http.act(testContext(http, { url: base, ...body }, { secrets }));

  it('judge status, JSON and text', async () => {
    const good = await act({
      expect: {
        status: [200, '3xx'],
        json: { '/status': 'ok', '/queue/length': '< 10', '/version': 'present' },
        text: '"ok"',
      },
    });
    expect(good).toMatchObject({
      verdict: 'healthy',
      values: { status: 200, '/version': '1.4', '/queue/length': 7 },
    });
    const bad = await act({
      expect: {
        status: 201,
        json: { '/status': 'up', '/queue/length': '< 5', '/gone': 1 },
        text: 'up',
      },
    });
    expect(bad.verdict).toBe('unhealthy');
    expect(bad.summary).toBe(
      `GET ${base}/: the status is 200; /status is "ok", not up; /queue/length is 7, not < 5; there is nothing at /gone; the body does not match /up/.`,
    );
  });

  it('judge the response time', async () => {
    answer = (_, response) => setTimeout(() => response.end('late'), 60);
    expect((await act({ latency: { warning: '50ms' } })).verdict).toBe('degraded');
    expect((await act({ latency: { warning: '20ms', critical: '50ms' } })).verdict).toBe(
      'unhealthy',
    );
    expect((await act({ latency: { warning: '20s' } })).verdict).toBe('healthy');
  });

  it('send bodies and secrets, and show secrets by reference only', async () => {
    const body = {
      url: `${base}/orders`,
      method: 'POST',
      headers: { Authorization: { secret: 'env:TOKEN', before: 'Bearer ' } },
      body: { reload: true },
    };
    const context = testContext(http, body, { secrets: { 'env:TOKEN': 'token-value' } });
    const preview = await http.preview(context);
    expect(preview.detail).toContain('env:TOKEN');
    expect(seen).toHaveLength(0);
    const done = await http.act(context);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      body: '{"reload":true}',
      headers: { authorization: 'Bearer token-value', 'content-type': 'application/json' },
    });
    expect(JSON.stringify([preview, done, context.kept])).not.toContain('token-value');
  });

  it('follow a bounded number of redirects and keep secrets from other servers', async () => {
    const other = createServer((request, response) => {
      response.end(request.headers.authorization ?? 'none');
    });
    const port = await listen(other);
    answer = (request, response) => {
      const to = request.url === '/there' ? `http://127.0.0.1:${port}/` : '/again';
      response.writeHead(302, { location: to }).end();
    };
    const headers = { Authorization: { secret: 'env:TOKEN' } };
    const secrets = { 'env:TOKEN': 'token-value' };
    const there = await act({ url: `${base}/there`, headers, expect: { text: '^none$' } }, secrets);
    expect(there.verdict).toBe('healthy');
    expect((await act({})).summary).toContain('redirects more than 3 times');
    expect((await act({ redirects: 0, expect: { status: 302 } })).verdict).toBe('healthy');
    answer = (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    expect((await act({})).summary).toContain('not safe');
    other.close();
  });

  it('read a bounded part of a body', async () => {
    answer = (_, response) => {
      const part = 'x'.repeat(64 * 1024);
      const more = (): void => {
        while (!response.destroyed && response.write(part));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    const done = await act({ within: '20s' });
    expect(String(done.values.body)).toHaveLength(4000);
    expect(done.verdict).toBe('healthy');
  });

  it('say what is wrong with a server that does not answer well', async () => {
    const silent = createSocketServer(() => undefined);
    const port = await listen(silent);
    const url = `http://127.0.0.1:${port}/`;
    const done = await act({ url, within: '150ms' });
    expect(done).toMatchObject({
      verdict: 'unhealthy',
      summary: `GET ${url}: no answer within 150 ms.`,
    });
    const cancel = new AbortController();
    const acting = http.act(testContext(http, { url }, { signal: cancel.signal }));
    cancel.abort(new Error('cancelled'));
    await expect(acting).rejects.toThrow('cancelled');
    silent.close();
    expect((await act({ url })).summary).toContain('refused');
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    };
    expect((await act({})).verdict).toBe('unhealthy');
  });

  it('prove the server by its certificate', async () => {
    const { key, cert, ca } = makeCertificate('DNS:orders.test', 90);
    const secure = createSecureServer({ key, cert }, ({ url: path }, response) => {
      if (path === '/down') response.writeHead(302, { location: base });
      response.end('safe');
    });
    const url = `https://127.0.0.1:${await listen(secure)}/`;
    expect((await act({ url })).summary).toContain('nobody who is trusted');
    expect((await act({ url, tls: { ca } })).summary).toMatch(/altnames/);
    expect((await act({ url, tls: { ca, name: 'orders.test' } })).verdict).toBe('healthy');
    expect((await act({ url, tls: { insecure: true } })).verdict).toBe('healthy');
    const down = await act({ url: `${url}down`, tls: { insecure: true } });
    expect(down.summary).toContain('redirects to an address that is not safe');
    await expect(act({ url, tls: { ca: '/none' } })).rejects.toMatchObject({
      problem: { code: 'certificate-unreadable' },
    });
    secure.close();
  });
});
