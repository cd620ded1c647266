import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../checks/test/listen.ts';
import { freePort } from '../databases/test/server.ts';
import { makeCertificate } from '../test/certificates.ts';
import { redis } from './redis.ts';
import { testContext } from './test/context.ts';

const host = '127.0.0.1';
const program = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'redis-server'))
  .find((file) => existsSync(file));

describe.skipIf(program === undefined)('redis steps on a server', () => {
  let dir: string;
  let port: number;
  let server: ChildProcess;
  const secrets = { 'env:REDIS': 'redis-password' };
  const given = (body: object) =>
    testContext(redis, { host, port, password: 'env:REDIS', ...body }, { secrets });

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'muster-redis-'));
    port = await freePort();
    const settings = {
      port,
      bind: host,
      dir,
      requirepass: 'redis-password',
      save: '',
      'slowlog-log-slower-than': 0,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    server = spawn(program ?? '', args, { stdio: 'ignore' });
    for (let tries = 0; tries < 100; tries += 1) {
      try {
        await redis.act(given({ ping: true }));
        return;
      } catch {
        await pause(50);
      }
    }
    throw new Error('Redis did not start');
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill();
    await ended;
    rmSync(dir, { recursive: true, force: true });
  });

  it('save until it is on disk, also twice within a second', async () => {
    const began = Date.now();
    const first = await redis.act(given({ save: true }));
    expect(Math.abs(Date.parse(String(first.values['recovery-point'])) - began)).toBeLessThan(5000);
    const { mtimeMs } = statSync(join(dir, 'dump.rdb'));
    await redis.act(given({ save: true }));
    expect(statSync(join(dir, 'dump.rdb')).mtimeMs).toBeGreaterThan(mtimeMs);
  });

  it('show fields and slow commands', async () => {
    const memory = given({ info: 'memory' });
    expect(Number((await redis.act(memory)).values.used_memory)).toBeGreaterThan(1000);
    expect(memory.lines.some((line) => line.startsWith('used_memory:'))).toBe(true);
    const slow = given({ slowlog: 5 });
    expect((await redis.act(slow)).summary).toContain('remembers 5 slow commands');
    expect(slow.lines.join('\n')).toContain('INFO memory');
    expect(slow.lines.join('\n')).not.toContain('redis-password');
  });

  it('say that the login was refused', async () => {
    const wrong = testContext(
      redis,
      { ping: true, host, port, password: 'env:X' },
      { secrets: { 'env:X': 'wrong-one' } },
    );
    await expect(redis.act(wrong)).rejects.toMatchObject({
      problem: { code: 'redis-login-refused' },
    });
    await expect(redis.act(testContext(redis, { ping: true, host, port }))).rejects.toMatchObject({
      problem: { code: 'redis-login-refused' },
    });
  });

  it('say that the snapshot could not be written', async () => {
    rmSync(dir, { recursive: true });
    await expect(redis.act(given({ save: true }))).rejects.toMatchObject({
      problem: { code: 'redis-save-failed' },
    });
  });
});

describe('redis steps', () => {
  const act = (body: object, signal?: AbortSignal) =>
    redis.act(testContext(redis, { ping: true, host, ...body }, signal ? { signal } : {}));

  it('give up on a server that never answers, and when they are cancelled', async () => {
    const silent = createServer(() => undefined);
    const port = await listen(silent);
    await expect(act({ port, within: '100ms' })).rejects.toMatchObject({
      problem: {
        code: 'redis-unreachable',
        what: expect.stringContaining('no answer within 100 ms'),
      },
    });
    const cancel = new AbortController();
    const acting = act({ port }, cancel.signal);
    cancel.abort(new Error('cancelled'));
    await expect(acting).rejects.toThrow('cancelled');
    silent.close();
    await expect(act({ port: 1 })).rejects.toMatchObject({
      problem: { code: 'redis-unreachable' },
    });
  });

  it('tell that something else answers', async () => {
    const other = createServer((socket) =>
      socket.on('error', () => undefined).end('SSH-2.0-x\r\n'),
    );
    await expect(act({ port: await listen(other) })).rejects.toMatchObject({
      problem: { what: expect.stringContaining('does not speak the language of Redis') },
    });
    other.close();
  });

  it('prove the server by its certificate', async () => {
    const { key, cert, ca } = makeCertificate('DNS:redis.test', 90);
    const server = createTlsServer({ key, cert }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write('+PONG\r\n'));
    });
    const port = await listen(server);
    expect((await act({ port, tls: { ca, name: 'redis.test' } })).summary).toContain('answered');
    await expect(act({ port, tls: { ca, name: 'other.test' } })).rejects.toMatchObject({
      problem: { what: expect.stringContaining('altnames') },
    });
    server.close();
  });
});
