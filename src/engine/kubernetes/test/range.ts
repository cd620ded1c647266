import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { Spec } from '../../../core/actions/kind.ts';
import { kubernetes } from '../../steps/kubernetes.ts';
import type { Done, Preview } from '../../steps/structured.ts';
import {
  type TestContext,
  type TestContextOptions,
  testContext,
} from '../../steps/test/context.ts';
import { connect, type KubernetesConnection } from '../connection.ts';
import { Cluster } from '../objects/cluster.ts';
import type { KubeObject } from '../objects/object.ts';

const rangeSchema = z.object({
  kubeconfig: z.string(),
  viewerKubeconfig: z.string(),
  wrongTokenKubeconfig: z.string(),
  context: z.string(),
  image: z.string(),
  /** The address of the one node, where NodePorts answer. */
  node: z.string(),
  logs: z.string(),
  auditLog: z.string(),
});
export type Range = z.output<typeof rangeSchema>;

/** For tests: the real servers that `MUSTER_RANGE` tells of, or null where it is not set. */
export const range: Range | null =
  process.env.MUSTER_RANGE === undefined
    ? null
    : rangeSchema.parse(JSON.parse(readFileSync(process.env.MUSTER_RANGE, 'utf8')));

/** For tests: a namespace of its own on the range's cluster, and steps that act in it. */
export interface Bench {
  range: Range;
  namespace: string;
  connection: KubernetesConnection;
  cluster: Cluster;
  /** A folder for the files of steps. */
  folder: string;
  context(body: Spec, options?: TestContextOptions): TestContext<unknown>;
  preview(body: Spec, options?: TestContextOptions): Promise<Preview>;
  act(body: Spec, options?: TestContextOptions): Promise<Done & { context: TestContext<unknown> }>;
  undo(body: Spec, before: unknown): Promise<Done>;
  apply(...objects: unknown[]): Promise<void>;
  find(text: string): Promise<KubeObject | null>;
  close(): Promise<void>;
}

export function connectTo(kubeconfig: string, context: string): KubernetesConnection {
  return connect({ env: { KUBECONFIG: kubeconfig }, home: '/nonexistent', added: [] }, context);
}

export async function openBench(given: Range): Promise<Bench> {
  const namespace = `muster-kube-${randomBytes(4).toString('hex')}`;
  const connection = connectTo(given.kubeconfig, given.context);
  const cluster = Cluster.of(connection);
  const folder = mkdtempSync(join(tmpdir(), 'muster-kube-'));
  const context: Bench['context'] = (body, options = {}) =>
    testContext(kubernetes, body, {
      cwd: folder,
      ...options,
      target: { namespace, kubernetes: async () => connection, ...options.target },
    });
  // What the range's own context cannot know of the type of the body, its schema has made.
  type Context = Parameters<typeof kubernetes.act>[0];
  const bench: Bench = {
    range: given,
    namespace,
    connection,
    cluster,
    folder,
    context,
    preview: (body, options) => kubernetes.preview(context(body, options) as Context),
    async act(body, options) {
      const made = context(body, options);
      return { ...(await kubernetes.act(made as Context)), context: made };
    },
    async undo(body, before) {
      // As the engine does it: what it keeps in the ledger is JSON.
      const kept: unknown = JSON.parse(JSON.stringify(before));
      const done = await kubernetes.undo?.(context(body) as Context, kept);
      if (!done) throw new Error('There is no undo');
      return done;
    },
    async apply(...objects) {
      await bench.act({ apply: objects });
    },
    async find(text) {
      return cluster.find(await cluster.place(text, namespace));
    },
    async close() {
      const place = await cluster.place(`namespace/${namespace}`, namespace);
      await cluster.remove(place, undefined, { doing: 'clean up' });
      connection.close();
    },
  };
  await bench.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  return bench;
}

/** A Deployment whose pods end at once when they are asked to. */
export function deployment(name: string, replicas = 1, image = range?.image ?? ''): unknown {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec(image) },
    },
  };
}

export function pod(name: string, command = ['sleep', 'infinity']): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: podSpec(range?.image ?? '', command),
  };
}

export function podSpec(image: string, command = ['sleep', 'infinity']) {
  return {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image, imagePullPolicy: 'Never', command }],
  };
}

/** The code of the Problem that a promise is rejected with. */
export async function problemOf(promise: Promise<unknown>) {
  const { toProblem } = await import('../../../core/problem.ts');
  return promise.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: unknown) => toProblem(error),
  );
}

/** Stops the range's API server for a while, as if it hung; others use the same cluster: be short. */
export async function pauseApiServer(given: Range, ms: number): Promise<void> {
  const pid = Number(readFileSync(join(dirname(given.logs), 'pids', 'kube-apiserver'), 'utf8'));
  process.kill(pid, 'SIGSTOP');
  try {
    await new Promise((resolve) => setTimeout(resolve, ms));
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

export function yaml(...objects: unknown[]): string {
  return objects.map((object) => stringify(object)).join('---\n');
}
