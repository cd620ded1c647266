import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { knownSecrets } from '../../credentials/known-secrets.ts';
import { connect } from '../connection.ts';

/** A server of the test's own that keeps what it was asked with. */
let server: Server;
let port: number;
let seen: IncomingMessage['headers'][];
let accepts: (headers: IncomingMessage['headers']) => boolean;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-session-'));
  seen = [];
  accepts = () => true;
  server = createServer((request, response) => {
    seen.push(request.headers);
    response.statusCode = accepts(request.headers) ? 200 : 401;
    response.end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function open(user: string, cluster = '', env: Record<string, string> = {}) {
  const file = join(folder, 'config');
  writeFileSync(
    file,
    `contexts: [{name: x, context: {cluster: x, user: x}}]
clusters: [{name: x, cluster: {server: "http://127.0.0.1:${port}", insecure-skip-tls-verify: true, ${cluster}}}]
users: [{name: x, user: ${user}}]`,
  );
  const sources = {
    env: { PATH: process.env.PATH, ...env, KUBECONFIG: file },
    home: folder,
    added: [],
  };
  return connect(sources, 'x');
}

const ask = (connection: ReturnType<typeof connect>) =>
  connection.client.read('/x', {
    doing: 'ask',
    schema: z.object({ ok: z.boolean() }),
    patienceMs: 0,
  });

describe('credentials of a session', () => {
  test.each([
    ['a token', '{token: token-in-the-config}', 'token-in-the-config'],
    ['a password', '{username: ada, password: "pass-in-the-config"}', 'pass-in-the-config'],
    ['a token file', '{tokenFile: token}', 'token-in-a-file'],
    [
      'a plugin',
      '{exec: {command: ./plugin, apiVersion: client.authentication.k8s.io/v1}}',
      'token-of-a-plugin',
    ],
    [
      'a client key',
      `{client-key-data: ${Buffer.from('key-in-the-config').toString('base64')}}`,
      'key-in-the-config',
    ],
  ])('%s is known as a secret once it was used', async (_, user, secret) => {
    writeFileSync(join(folder, 'token'), 'token-in-a-file\n');
    const credential = { kind: 'ExecCredential', status: { token: 'token-of-a-plugin' } };
    writeFileSync(join(folder, 'plugin'), `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
    chmodSync(join(folder, 'plugin'), 0o755);
    expect(knownSecrets.text(secret)).toBe(secret);
    await ask(open(user));
    expect(knownSecrets.text(secret)).toBe('•••');
  });

  test.each([
    ['{token: abc}', 'Bearer abc'],
    ['{username: ada, password: "p:w"}', `Basic ${Buffer.from('ada:p:w').toString('base64')}`],
  ])('%s are sent', async (user, expected) => {
    await ask(open(user));
    expect(seen[0]?.authorization).toBe(expected);
  });

  test('a token file is read again when its token is refused', async () => {
    writeFileSync(join(folder, 'token'), 'old\n');
    const connection = open('{tokenFile: token}');
    await ask(connection);
    writeFileSync(join(folder, 'token'), 'new\n');
    accepts = ({ authorization }) => authorization === 'Bearer new';
    await ask(connection);
    expect(seen.map(({ authorization }) => authorization)).toEqual([
      'Bearer old',
      'Bearer old',
      'Bearer new',
    ]);
  });

  test('a plugin is asked once, and again when its token is refused', async () => {
    const script = `#!/bin/sh
echo x >> "${folder}/count"
echo '{"kind":"ExecCredential","status":{"token":"'$(wc -l < "${folder}/count" | tr -d ' ')'"}}'`;
    writeFileSync(join(folder, 'plugin'), script);
    chmodSync(join(folder, 'plugin'), 0o700);
    const connection = open(
      '{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}}',
    );
    await Promise.all([ask(connection), ask(connection)]);
    expect(readFileSync(join(folder, 'count'), 'utf8').trim().split('\n')).toHaveLength(1);
    accepts = ({ authorization }) => authorization === 'Bearer 2';
    await ask(connection);
    accepts = () => false;
    await expect(ask(connection)).rejects.toMatchObject({
      problem: { code: 'kubernetes-unauthorized' },
    });
  });

  test('an OIDC token that has not expired is sent', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'none' })}.${part({ exp: 4_000_000_000 })}.x`;
    await ask(open(`{auth-provider: {name: oidc, config: {id-token: "${token}"}}}`));
    expect(seen[0]?.authorization).toBe(`Bearer ${token}`);
  });

  test('a proxy of the kubeconfig is used', async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, client) => {
      asked.push(request.url ?? '');
      const upstream = createConnection(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const proxyPort = typeof address === 'object' ? address?.port : 0;
    const connection = open('{token: abc}', `proxy-url: "http://127.0.0.1:${proxyPort}"`);
    await ask(connection);
    expect(asked).toEqual([`127.0.0.1:${port}`]);
    expect(seen[0]?.authorization).toBe('Bearer abc');
    connection.close();
    proxy.closeAllConnections();
    proxy.close();
  });
});
