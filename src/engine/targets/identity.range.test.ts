import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Target } from '../../core/targets/target.ts';
import { target } from '../../core/targets/test/targets.ts';
import { awsCredentials } from '../credentials/aws.ts';
import { operatorContext } from '../credentials/operator-context.ts';
import { rangeServers } from '../test/range-json.ts';
import { shellKubeconfig } from './cluster.ts';
import { seeTarget } from './identity.ts';
import { createProbes } from './probes.ts';
import { targetEnvironment } from './shell-environment.ts';

const range = rangeServers();
const noVault = { read: () => Promise.reject(new Error('There is no vault here.')) };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'muster-targets-range-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe.skipIf(!range)('targets on real servers', () => {
  if (!range) return;
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    S3_ID: range.s3.accessKeyId,
    S3_SECRET: range.s3.secretAccessKey,
  };
  const context = operatorContext(noVault, env);
  const bucket = `muster-targets-${process.pid}`;

  const onRange = (change: Partial<Target> = {}): Target =>
    target({
      namespace: 'kube-system',
      kubernetes: { kubeconfig: range.kubeconfig, context: range.context },
      objectStore: {
        kind: 's3',
        profile: null,
        endpoint: range.s3.endpoint,
        region: range.s3.region,
        pathStyle: range.s3.forcePathStyle,
        bucket,
        accessKey: 'env:S3_ID',
        secretKey: 'env:S3_SECRET',
      },
      databases: {},
      ...change,
    });

  const makeBucket = async (): Promise<void> => {
    const { objectStore } = onRange();
    if (objectStore?.kind !== 's3') throw new Error('It is no S3 store.');
    const client = new S3Client({
      endpoint: range.s3.endpoint,
      region: range.s3.region,
      forcePathStyle: range.s3.forcePathStyle,
      credentials: awsCredentials(objectStore, context),
    });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    onTestFinished(async () => {
      await client.send(new DeleteBucketCommand({ Bucket: bucket }));
      client.destroy();
    });
  };

  it('prove who they are, the same each time', async () => {
    await makeBucket();
    const first = await seeTarget(onRange(), [], createProbes(context));
    expect(first.failed).toEqual([]);
    expect(first.comparison.verdict).toBe('first-use');
    const cluster = first.seen.find(({ kind }) => kind === 'cluster');
    const kubectl = execFileSync('kubectl', [
      `--kubeconfig=${range.kubeconfig}`,
      ...['get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}'],
    ]);
    expect(cluster).toEqual({ kind: 'cluster', uid: kubectl.toString() });
    const store = first.seen.find(({ kind }) => kind === 'object-store');
    expect(store).toMatchObject({ endpoint: range.s3.endpoint, owner: expect.any(String) });
    const pins = first.seen.map((part) => ({
      part,
      pinnedAt: '2026-11-27T09:00:00.000Z',
      pinnedBy: 'ada',
    }));
    const again = await seeTarget(onRange(), pins, createProbes(context));
    expect(again.comparison.verdict).toBe('match');
  });

  it('are told apart when a kubeconfig has another cluster under the same name', async () => {
    const { seen } = await seeTarget(onRange({ objectStore: null }), [], createProbes(context));
    const pins = seen.map((part) => ({
      part: part.kind === 'cluster' ? { ...part, uid: 'of-the-cluster-before' } : part,
      pinnedAt: '2026-11-27T09:00:00.000Z',
      pinnedBy: 'ada',
    }));
    const swapped = await seeTarget(onRange({ objectStore: null }), pins, createProbes(context));
    expect(swapped.comparison.verdict).toBe('mismatch');
  });

  it('that give no answer say so in words without a credential', async () => {
    const wrong = onRange({
      kubernetes: { kubeconfig: range.wrongTokenKubeconfig, context: range.context },
      objectStore: null,
    });
    const { failed, seen } = await seeTarget(wrong, [], createProbes(context));
    expect(seen).toEqual([]);
    expect(failed.map(({ key }) => key)).toEqual(['cluster']);
    const { users } = parse(readFileSync(range.wrongTokenKubeconfig, 'utf8'));
    expect(JSON.stringify(failed)).not.toContain(users[0].user.token);
  });

  it('lead kubectl and nothing else there', async () => {
    // A second context, which the shell must not see.
    const all = parse(readFileSync(range.kubeconfig, 'utf8'));
    const more = join(folder(), 'kubeconfig');
    all.contexts.push({ name: 'other', context: all.contexts[0].context });
    writeFileSync(more, stringify(all));
    const given = onRange({ kubernetes: { kubeconfig: more, context: range.context } });
    const made = await targetEnvironment(given, join(folder(), 'run'), {
      ...context,
      kubeconfig: async (place, namespace) => shellKubeconfig(place, namespace, context),
    });
    const run = (...args: string[]): string =>
      execFileSync('kubectl', args, {
        env: { PATH: process.env.PATH, HOME: folder(), ...made.env },
        timeout: 20_000,
      }).toString();
    expect(run('config', 'get-contexts', '-o', 'name').trim()).toBe(range.context);
    expect(run('get', 'serviceaccount', 'default', '-o', 'jsonpath={.metadata.namespace}')).toBe(
      'kube-system',
    );
    expect(made.secrets).toEqual(
      expect.arrayContaining([range.s3.accessKeyId, range.s3.secretAccessKey]),
    );
    made.cleanup();
  });
});
