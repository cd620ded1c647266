import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toProblem } from '../../../core/problem.ts';
import { connect } from '../connection.ts';
import { followLogs } from './follow-logs.ts';
import { logLines } from './logs.ts';

/** An API server of the test's own: what it answers first, in turn, and then a log of one line. */
let server: Server;
let folder: string;
let refusals: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-logs-'));
  refusals = [];
  server = createServer((_, response) => {
    const message = refusals.shift();
    if (message === undefined) return response.end('ready\n');
    response.statusCode = 500;
    return response.end(JSON.stringify({ kind: 'Status', code: 500, message }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function read(isFollowed = false): Promise<{ lines: string[]; told: string[] }> {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const file = join(folder, 'config');
  writeFileSync(
    file,
    `contexts: [{name: x, context: {cluster: x, user: x}}]
clusters: [{name: x, cluster: {server: "http://127.0.0.1:${port}"}}]
users: [{name: x, user: {}}]`,
  );
  const connection = connect({ env: { KUBECONFIG: file }, home: folder, added: [] }, 'x');
  const place = { namespace: 'shop', pod: 'box', container: 'main' };
  const told: string[] = [];
  const lines: string[] = [];
  const onRetry = (why: string) => told.push(why);
  if (isFollowed) {
    const { signal } = new AbortController();
    await followLogs(connection, place, { onRetry }, (line) => lines.push(line), signal);
  } else {
    for await (const line of logLines(connection, place, { onRetry })) lines.push(line);
  }
  return { lines, told };
}

const at = 'Get "https://10.0.0.2:10250/containerLogs/shop/box/main"';

describe('a log', () => {
  test.each([false, true])(
    'waits a node out that ends or starts, and says so (followed: %s)',
    async (isFollowed) => {
      refusals = [
        `${at}: read tcp 10.0.0.2:49090->10.0.0.2:10250: read: connection reset by peer`,
        `${at}: dial tcp 10.0.0.2:10250: connect: connection refused`,
        `${at}: EOF`,
      ];
      const { lines, told } = await read(isFollowed);
      expect(lines).toEqual(['ready']);
      expect(told).toHaveLength(3);
      expect(told[0]).toContain('does not reach the node');
    },
  );

  test('of a node that is not trusted is refused at once', async () => {
    refusals = [`${at}: tls: failed to verify certificate: x509: certificate has expired`];
    const problem = await read().then(
      () => null,
      (error: unknown) => toProblem(error),
    );
    expect(problem?.code).toBe('kubernetes-node-unreachable');
    expect(problem?.what).toContain('certificate has expired');
  });
});
