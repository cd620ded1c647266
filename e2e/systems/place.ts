import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Ended, muster } from '../command-line.ts';
import { type Buckets, openBuckets } from './buckets.ts';
import { kubectl, type Range } from './range.ts';

/** A place of its own for one system on the range: a namespace, buckets, a folder, Muster's home. */
export interface Place {
  range: Range;
  namespace: string;
  /** For files of the test and of the runbook's steps. */
  folder: string;
  /** `MUSTER_HOME`. */
  home: string;
  /** The first and the second site. */
  first: Buckets;
  second: Buckets;
  /** kubectl in the namespace. */
  kubectl(...args: string[]): Promise<string>;
  apply(...objects: object[]): Promise<void>;
  /** Waits until the workloads' pods are ready. */
  ready(...workloads: string[]): Promise<void>;
  /** Where a Service of type NodePort is reached from here, once it is: `10.199.0.2:31234`. */
  address(service: string): Promise<string>;
  muster(...args: string[]): Promise<Ended>;
  /** Removes all of it. */
  close(): Promise<void>;
}

export async function openPlace(range: Range, system: string): Promise<Place> {
  const namespace = `muster-${system}-${randomBytes(3).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), `muster-${system}-`));
  const home = join(folder, 'home');
  // Keys reach Muster as the operator's environment, by reference.
  process.env.RANGE_ACCESS_KEY = range.s3.accessKeyId;
  process.env.RANGE_SECRET_KEY = range.s3.secretAccessKey;
  const first = openBuckets(range.s3);
  const second = openBuckets(range.s3b);
  await kubectl(range, ['create', 'namespace', namespace]);
  const inNamespace = (args: string[], input?: string): Promise<string> =>
    kubectl(range, ['--namespace', namespace, ...args], input);
  return {
    range,
    namespace,
    folder,
    home,
    first,
    second,
    kubectl: (...args) => inNamespace(args),
    async apply(...objects) {
      const list = { apiVersion: 'v1', kind: 'List', items: objects };
      await inNamespace(['apply', '-f', '-'], JSON.stringify(list));
    },
    async ready(...workloads) {
      for (const name of workloads) {
        await inNamespace(['rollout', 'status', name, '--timeout=50s']);
      }
    },
    async address(service) {
      const port = await inNamespace([
        ...['get', 'service', service, '-o', 'jsonpath={.spec.ports[0].nodePort}'],
      ]);
      await accepting(range.node, Number(port));
      return `${range.node}:${port}`;
    },
    muster: (...args) => muster(home, ...args),
    async close() {
      await kubectl(range, [
        'delete',
        'namespace',
        namespace,
        '--wait=false',
        '--ignore-not-found',
      ]);
      await Promise.all([first.close(), second.close()]);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** A port of the node leads to the pod a moment after the pod is ready. */
async function accepting(host: string, port: number): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    const socket = connect({ host, port, timeout: 2_000 });
    socket.once('timeout', () => socket.destroy(new Error('It does not answer.')));
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(200);
    } finally {
      socket.destroy();
    }
  }
}

/** The application's program, as a ConfigMap that its pods mount. */
export function program(): object {
  const text = readFileSync(new URL('app.py', import.meta.url), 'utf8');
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'app-program' },
    data: { 'app.py': text },
  };
}
