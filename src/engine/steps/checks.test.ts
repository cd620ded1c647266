import { createServer as createWebServer, type ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../checks/test/listen.ts';
import { makeCertificate } from '../test/certificates.ts';
import { check } from './check.ts';
import { prometheus } from './prometheus.ts';
import { tcp } from './tcp.ts';
import { testContext } from './test/context.ts';
import { tls } from './tls.ts';

const host = '127.0.0.1';

describe('tcp steps', () => {
  it('connect, and read the greeting', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('220 mail.test ESMTP\r\n');
    });
    const port = await listen(server);
    const act = (body: object) => tcp.act(testContext(tcp, { host, port, ...body }));
    expect((await act({})).verdict).toBe('healthy');
    expect(await act({ greeting: '^220' })).toMatchObject({
      verdict: 'healthy',
      values: { greeting: '220 mail.test ESMTP' },
    });
    expect((await act({ greeting: '^250' })).verdict).toBe('unhealthy');
    await new Promise((resolve) => server.close(resolve));
    expect((await act({})).summary).toBe(`${host}:${port}: the connection was refused.`);
  });

  it('do not wait for ever for a greeting', async () => {
    const server = createServer(() => undefined);
    const port = await listen(server);
    const body = { host, port, greeting: '^220', within: '100ms' };
    expect((await tcp.act(testContext(tcp, body))).summary).toContain('no answer within 100 ms');
    server.close();
  });
});

describe('tls steps', () => {
  const { key, cert, ca } = makeCertificate('DNS:orders.test', 20);
  const server = createTlsServer({ key, cert }, (socket) => socket.on('error', () => undefined));
  let port: number;
  beforeAll(async () => {
    port = await listen(server);
  });
  afterAll(() => {
    server.close();
  });
  const act = (body: object) =>
    tls.act(testContext(tls, { host, port, ca, name: 'orders.test', ...body }));

  it('count the days that are left', async () => {
    expect(await act({})).toMatchObject({
      verdict: 'degraded',
      values: { days: 19, subject: 'orders', issuer: 'Test authority' },
    });
    expect((await act({ warning: '5d' })).verdict).toBe('healthy');
    expect((await act({ critical: '25d' })).verdict).toBe('unhealthy');
  });

  it('find the wrong name, and an authority that nobody trusts', async () => {
    expect((await act({ name: 'other.test' })).summary).toContain('it is not for other.test');
    expect((await act({ ca: undefined })).summary).toContain('nobody who is trusted');
    const plain = createServer((socket) =>
      socket.on('error', () => undefined).end('no TLS here\n'),
    );
    const done = await act({ port: await listen(plain) });
    expect(done.verdict).toBe('unhealthy');
    plain.close();
  });

  it('do not wait for ever for a handshake', async () => {
    const silent = createServer(() => undefined);
    const done = await act({ port: await listen(silent), within: '100ms' });
    expect(done.summary).toContain('no answer within 100 ms');
    silent.close();
  });
});

describe('prometheus steps', () => {
  let answer: (response: ServerResponse) => void;
  const asked: string[] = [];
  const server = createWebServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push(`${request.url} ${body}`);
      answer(response);
    });
  });
  let url: string;
  beforeAll(async () => {
    url = `http://${host}:${await listen(server)}/`;
  });
  afterAll(() => {
    server.close();
  });
  const gives = (data: object): void => {
    answer = (response) => response.end(JSON.stringify({ status: 'success', data }));
  };
  const series = (...values: string[]): void =>
    gives({
      resultType: 'vector',
      result: values.map((value, i) => ({
        metric: { pod: `p${i}` },
        value: [1700000000.5, value],
      })),
    });
  const given = (body: object) => testContext(prometheus, { query: 'up', url, ...body });
  const act = (body: object) => prometheus.act(given(body));

  it('take the worst series', async () => {
    series('0.2', '0.9', 'NaN', '0.7');
    const limits = { warning: '> 0.5', critical: '> 80%' };
    expect(await act(limits)).toMatchObject({
      verdict: 'unhealthy',
      summary: '{pod="p1"} is 0.9, > 80%.',
      values: { value: 0.9, series: 3 },
    });
    series('0.2', '0.7');
    expect((await act(limits)).verdict).toBe('degraded');
    expect((await act({ critical: '< 0.1' })).verdict).toBe('healthy');
  });

  it('say that there is nothing, which is bad unless it is said to be good', async () => {
    series();
    expect(await act({})).toMatchObject({
      verdict: 'unhealthy',
      summary: 'The query gives no value.',
    });
    expect((await act({ absent: 'healthy' })).verdict).toBe('healthy');
    series('NaN');
    expect((await act({ critical: '> 1' })).verdict).toBe('unhealthy');
  });

  it('judge a range, and keep its points', async () => {
    gives({
      resultType: 'matrix',
      result: [
        {
          metric: {},
          values: [
            [1, '5'],
            [2, '1'],
            [3, '2'],
          ],
        },
      ],
    });
    const context = given({ range: '1h', over: 'max', critical: '>= 5' });
    expect((await prometheus.act(context)).verdict).toBe('unhealthy');
    expect(asked.at(-1)).toMatch(/^\/api\/v1\/query_range query=up&start=.*step=30$/);
    expect(JSON.parse(context.kept[0]?.content ?? '')).toMatchObject({
      series: [
        {
          points: [
            [1000, 5],
            [2000, 1],
            [3000, 2],
          ],
        },
      ],
    });
    expect((await act({ range: '1h', critical: '>= 5' })).verdict).toBe('healthy');
    expect((await act({ range: '1h', over: 'mean', critical: '> 2.6' })).values.value).toBeCloseTo(
      2.667,
    );
  });

  it('tell a wrong query from a wrong server', async () => {
    answer = (response) =>
      response
        .writeHead(400)
        .end('{"status":"error","errorType":"bad_data","error":"parse error"}');
    await expect(act({})).rejects.toMatchObject({ problem: { code: 'prometheus-query-refused' } });
    answer = (response) => response.writeHead(502).end('<html>');
    expect((await act({})).summary).toContain('status 502');
    await expect(prometheus.act(testContext(prometheus, { query: 'up' }))).rejects.toMatchObject({
      problem: { code: 'prometheus-missing' },
    });
  });
});

describe('check steps', () => {
  it('run side by side and give the worst verdict', async () => {
    let open = 0;
    let most = 0;
    const web = createWebServer((request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.writeHead(request.url === '/bad' ? 500 : 200).end();
      }, 30);
    });
    const url = `http://${host}:${await listen(web)}/`;
    const good = [1, 2, 3, 4, 5].map((i) => ({ name: `Good ${i}`, http: { url } }));
    const act = (...more: object[]) => {
      const context = testContext(check, { checks: [...good, ...more], 'at-once': 2 });
      return check.act(context).then((done) => ({ ...done, context }));
    };
    expect(await act()).toMatchObject({ verdict: 'healthy', summary: 'All 5 checks are healthy.' });
    expect(most).toBe(2);

    const bad = { name: 'Bad', http: { url: `${url}bad` } };
    const worse = await act(bad, { name: 'Gone', tcp: { host, port: 1 }, optional: true });
    expect(worse).toMatchObject({
      verdict: 'unhealthy',
      summary: 'Bad is unhealthy; 5 of 7 checks are healthy.',
      values: { healthy: 5, degraded: 1, unhealthy: 1 },
    });
    expect(worse.context.kept.map(({ name }) => name)).toContain('Bad: answer');
    expect(await act({ ...bad, optional: true })).toMatchObject({ verdict: 'degraded' });
    web.close();
  });

  it('make a check that cannot be asked unhealthy, and go on with the others', async () => {
    const silent = createServer(() => undefined);
    const port = await listen(silent);
    const checks = [
      { name: 'No secret', http: { url: `http://${host}:${port}`, tls: { ca: '/none' } } },
      { name: 'Port', tcp: { host, port } },
    ];
    const done = await check.act(testContext(check, { checks }));
    expect(done.values).toMatchObject({ healthy: 1, unhealthy: 1 });
    silent.close();
  });

  it('read nothing that changes, and no two names alike', () => {
    const refused = (checks: object[]): boolean => {
      const schema = check.kind.schemaFor({});
      return typeof schema !== 'string' && !schema.safeParse({ checks }).success;
    };
    expect(refused([{ name: 'a', http: { url: 'http://x', method: 'POST' } }])).toBe(true);
    expect(refused([{ name: 'a', tcp: { host, port: 1 }, tls: { host } }])).toBe(true);
    expect(refused([{ name: 'a' }])).toBe(true);
    expect(
      refused([
        { name: 'a', tcp: { host, port: 1 } },
        { name: 'a', tls: { host } },
      ]),
    ).toBe(true);
  });
});
