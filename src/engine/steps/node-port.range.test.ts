import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Bench, openBench, podSpec, range } from '../kubernetes/test/range.ts';
import { http } from './http.ts';
import { sql } from './sql.ts';
import { tcp } from './tcp.ts';
import { testContext } from './test/context.ts';

/** A NodePort of a real cluster behind which a server accepts connections and never answers. */

const SILENT =
  'import socket,time;s=socket.socket();s.bind(("",8080));s.listen(99);time.sleep(1e6)';

const serviceSchema = z.object({
  spec: z.object({ ports: z.tuple([z.object({ nodePort: z.number() })]) }),
});

describe.skipIf(range === null)('a NodePort that accepts and never answers', () => {
  let bench: Bench;
  let host = '';
  let port = 0;

  beforeAll(async () => {
    if (range === null) return;
    bench = await openBench(range);
    const metadata = { name: 'silent', labels: { app: 'silent' } };
    const ports = [{ port: 8080 }];
    await bench.apply(
      {
        ...{ apiVersion: 'v1', kind: 'Pod', metadata },
        spec: podSpec(range.image, ['python3', '-c', SILENT]),
      },
      {
        ...{ apiVersion: 'v1', kind: 'Service', metadata },
        spec: { type: 'NodePort', selector: { app: 'silent' }, ports },
      },
    );
    await bench.act({ wait: 'pod/silent', for: 'condition=Ready' });
    const { spec } = serviceSchema.parse(await bench.find('service/silent'));
    port = spec.ports[0].nodePort;
    host = range.node;
  }, 60_000);
  afterAll(() => bench?.close());

  it('is healthy for a check that only connects', async () => {
    const verdict = async () =>
      (await tcp.act(testContext(tcp, { host, port, within: '2s' }))).verdict;
    // The proxy of the node learns of a service a moment later.
    await expect.poll(verdict, { timeout: 20_000 }).toBe('healthy');
  });

  it('is unhealthy for a check that waits for an answer, within its time', async () => {
    const asked = await http.act(
      testContext(http, { url: `http://${host}:${port}`, within: '2s' }),
    );
    expect(asked.verdict).toBe('unhealthy');
    const greeted = await tcp.act(testContext(tcp, { host, port, greeting: '^220', within: '2s' }));
    expect(greeted).toMatchObject({ verdict: 'unhealthy' });
    expect(greeted.summary).toContain(`no answer within 2000 ms`);
  });

  it('is said to be silent by a database step, which sent nothing that changes anything', async () => {
    const database = async () => ({
      ...{ host, port, database: 'orders', user: 'operator', password: 'hunter22' },
      ...{ sslmode: 'disable' as const, sslRootCert: null },
    });
    const context = testContext(sql, { query: 'select 1' }, { target: { database } });
    await expect(sql.act(context)).rejects.toMatchObject({
      problem: { code: 'database-silent', safe: expect.stringMatching(/^Nothing/) },
    });
  });
});
