import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cluster } from './objects/cluster.ts';
import {
  type Bench,
  connectTo,
  deployment,
  openBench,
  pod,
  problemOf,
  range,
  yaml,
} from './test/range.ts';

/** On the range's real cluster, in a namespace of its own. */
describe.skipIf(range === null)('objects of a cluster', { timeout: 60_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    if (range !== null) bench = await openBench(range);
  }, 60_000);
  afterAll(async () => bench?.close());

  const configMap = (name: string, data: Record<string, string>) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data,
  });

  test('applies an object: shows the difference first, and puts it back', async () => {
    await bench.apply(configMap('one', { mode: 'open', limit: '5' }));
    const body = { apply: configMap('one', { mode: 'closed' }) };
    const preview = await bench.preview(body);
    expect(preview.text).toBe('Creates 0, changes 1 and leaves 0 as they are.');
    expect(preview.detail).toContain('-  mode: open');
    expect(preview.detail).toContain('+  mode: closed');
    const done = await bench.act(body);
    expect((await bench.find('configmap/one'))?.data).toEqual({ mode: 'closed' });
    expect((await bench.preview(body)).detail).toBe('No difference.');
    await bench.undo(body, done.before);
    expect((await bench.find('configmap/one'))?.data).toEqual({ mode: 'open', limit: '5' });
  });

  test('applies files and folders in order, and takes back what it created', async () => {
    mkdirSync(join(bench.folder, 'manifests'));
    writeFileSync(
      join(bench.folder, 'manifests', 'a.yaml'),
      yaml(configMap('a', {}), configMap('b', {})),
    );
    writeFileSync(
      join(bench.folder, 'manifests', 'c.json'),
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [configMap('c', {})] }),
    );
    const body = { apply: 'manifests' };
    const done = await bench.act(body);
    expect(done.values.count).toBe(3);
    await bench.undo(body, done.before);
    for (const name of ['a', 'b', 'c']) expect(await bench.find(`configmap/${name}`)).toBeNull();
  });

  test('names who else manages a field, and takes it over when told to', async () => {
    await bench.apply(deployment('owned', 0));
    const place = await bench.cluster.place('deployment/owned', bench.namespace);
    await bench.connection.client.change(
      `/apis/apps/v1/namespaces/${bench.namespace}/deployments/owned`,
      {
        method: 'PATCH',
        doing: 'own a field',
        contentType: 'application/apply-patch+yaml',
        query: { fieldManager: 'another-tool', force: true },
        body: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'owned' },
          spec: { replicas: 1 },
        },
        schema: (await import('./objects/object.ts')).objectSchema,
        lookUp: async () => null,
      },
    );
    const problem = await problemOf(bench.act({ apply: deployment('owned', 0) }));
    expect(problem.code).toBe('kubernetes-field-conflict');
    expect(problem.what).toContain('another-tool');
    expect(problem.what).toContain('.spec.replicas');
    await bench.act({ apply: deployment('owned', 0), force: true });
    expect((await bench.cluster.get(place)).spec).toMatchObject({ replicas: 0 });
  });

  test('says in the words of the cluster why an object is not valid', async () => {
    const problem = await problemOf(bench.act({ apply: { ...configMap('Bad_Name', {}) } }));
    expect(problem.code).toBe('kubernetes-invalid');
    expect(problem.what).toContain('Bad_Name');
    const preview = await bench.preview({
      apply: { apiVersion: 'batch/v9', kind: 'Job', metadata: { name: 'x' } },
    });
    expect(preview.problem?.what).toContain('but in batch/v1');
  });

  test('patches and puts back', async () => {
    await bench.apply(configMap('patched', { a: '1' }));
    const body = { patch: 'cm/patched', with: { data: { b: '2' } } };
    expect((await bench.preview(body)).detail).toContain('+  b: "2"');
    const done = await bench.act(body);
    expect((await bench.find('cm/patched'))?.data).toEqual({ a: '1', b: '2' });
    await bench.undo(body, done.before);
    expect((await bench.find('cm/patched'))?.data).toEqual({ a: '1' });
    const list = { patch: 'cm/patched', with: [{ op: 'add', path: '/data/c', value: '3' }] };
    await bench.act(list);
    expect((await bench.find('cm/patched'))?.data).toEqual({ a: '1', c: '3' });
  });

  test('puts back what it changed and nothing that others changed meanwhile', async () => {
    await bench.apply(configMap('shared', { mode: 'open', limit: '5' }));
    const body = { patch: 'cm/shared', with: { data: { mode: 'closed' } } };
    const done = await bench.act(body);
    const byOthers = (data: Record<string, string>) =>
      bench.act({ patch: 'cm/shared', with: { data } });
    await byOthers({ limit: '9', owner: 'somebody' });
    await bench.undo(body, done.before);
    const data = async () => (await bench.find('cm/shared'))?.data;
    expect(await data()).toEqual({ mode: 'open', limit: '9', owner: 'somebody' });
    // Taking it back twice comes to the same.
    await bench.undo(body, done.before);
    expect(await data()).toEqual({ mode: 'open', limit: '9', owner: 'somebody' });

    await byOthers({ mode: 'ajar' });
    const other = { apply: [configMap('shared', { limit: '1' }), configMap('beside', {})] };
    const applied = await bench.act({ ...other, force: true });
    await byOthers({ limit: '7' });
    const problem = await problemOf(bench.undo({ ...other, force: true }, applied.before));
    expect(problem.code).toBe('kubernetes-changed-since');
    expect(problem.what).toContain('data.limit is "7", the step left "1"');
    expect(problem.detail).toContain('-  limit: "1"');
    expect(problem.detail).toContain('+  limit: "7"');
    expect(await data()).toMatchObject({ mode: 'ajar', limit: '7' });
    expect(await bench.find('cm/beside')).not.toBeNull();
  });

  test('takes back no creation and no deletion that others have built on', async () => {
    const create = { apply: configMap('made', { a: '1' }) };
    const made = await bench.act(create);
    await bench.act({ patch: 'cm/made', with: { data: { b: '2' } } });
    const kept = await problemOf(bench.undo(create, made.before));
    expect(kept.what).toContain('data.b is "a value", the step left not there');
    expect((await bench.find('cm/made'))?.data).toEqual({ a: '1', b: '2' });

    const remove = { delete: 'cm/made' };
    const removed = await bench.act(remove);
    await bench.apply(configMap('made', { a: 'new' }));
    const anew = await problemOf(bench.undo(remove, removed.before));
    expect(anew.what).toContain('was made anew');
    expect((await bench.find('cm/made'))?.data).toEqual({ a: 'new' });

    const change = { patch: 'cm/made', with: { data: { a: 'newer' } } };
    const changed = await bench.act(change);
    await bench.act(remove);
    const gone = await problemOf(bench.undo(change, changed.before));
    expect(gone.what).toContain('was deleted');
    expect(await bench.find('cm/made')).toBeNull();
  });

  test('labels, annotates and deletes by selector, and takes each back', async () => {
    await bench.apply(configMap('l1', { v: '1' }), configMap('l2', { v: '2' }));
    const label = { label: ['cm/l1', 'cm/l2'], set: { group: 'x' } };
    const labelled = await bench.act(label);
    const annotate = { annotate: 'configmaps', selector: 'group=x', set: { note: 'hello' } };
    expect((await bench.act(annotate)).values.count).toBe(2);
    const body = { delete: 'configmaps', selector: 'group=x' };
    const done = await bench.act(body);
    expect(done.values.count).toBe(2);
    expect(await bench.find('cm/l1')).toBeNull();
    await bench.undo(body, done.before);
    const again = await bench.find('cm/l2');
    expect(again?.data).toEqual({ v: '2' });
    expect(again?.metadata.annotations).toMatchObject({ note: 'hello' });
    await bench.undo(label, labelled.before);
    expect((await bench.find('cm/l1'))?.metadata.labels ?? {}).not.toHaveProperty('group');
  });

  test('puts labels back, but none that somebody else wrote since', async () => {
    await bench.act({
      apply: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'tagged' } }],
    });
    const first = { label: 'cm/tagged', set: { owner: 'drill', stage: 'one' } };
    const done = await bench.act(first);
    const other = { label: 'cm/tagged', set: { owner: 'ada', theirs: 'x' } };
    const byOther = await bench.act(other);
    const problem = await problemOf(bench.undo(first, done.before));
    expect(problem.code).toBe('kubernetes-changed-since');
    expect(problem.what).toContain('labels.owner is "ada", the step left "drill"');
    expect((await bench.find('cm/tagged'))?.metadata.labels).toEqual({
      ...{ owner: 'ada', stage: 'one', theirs: 'x' },
    });
    await bench.undo(other, byOther.before);
    await bench.act({ label: 'cm/tagged', set: { theirs: 'y' } });
    await bench.undo(first, done.before);
    expect((await bench.find('cm/tagged'))?.metadata.labels).toEqual({ theirs: 'y' });
  });

  test('writes a secret from references and shows its values nowhere', async () => {
    const body = { secret: 'login', data: { password: 'vault:orders' } };
    const secrets = { 'vault:orders': 'correct horse battery' };
    const done = await bench.act(body, { secrets });
    await bench.act(body, { secrets: { 'vault:orders': 'another staple of words' } });
    const stored = await bench.find('secret/login');
    const value = Buffer.from('another staple of words').toString('base64');
    expect(stored?.data).toEqual({ password: value });
    const read = await bench.act({ get: 'secret/login' });
    const said = [done, read].map(({ context, ...rest }) => [rest, context.lines, context.kept]);
    const all = JSON.stringify([said, await bench.preview(body)]);
    for (const word of ['correct', 'staple', value]) expect(all).not.toContain(word);
    expect(all).toContain('bytes)');
    // A whole manifest, too, with the copy that kubectl keeps in an annotation.
    const manifest = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'login',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"staple"}' },
      },
      stringData: { password: 'a third staple' },
    };
    const preview = await bench.preview({ apply: manifest, force: true });
    const applied = await bench.act({ apply: manifest, force: true });
    const { lines, kept } = applied.context;
    expect(JSON.stringify([preview, applied.before, lines, kept])).not.toContain('staple');
    const problem = await problemOf(bench.undo({ apply: manifest, force: true }, applied.before));
    expect(problem.code).toBe('kubernetes-secret-not-kept');
  });

  test('waits for conditions, values and deletion, and reads by JSON path', async () => {
    await bench.apply(pod('box'));
    await bench.act({ wait: 'pod/box', for: 'condition=Ready' });
    await bench.act({ wait: 'pods', selector: 'app=box', for: 'jsonpath={.status.phase}=Running' });
    const name = await bench.act({
      get: 'pod/box',
      jsonpath: '{.status.conditions[?(@.type=="Ready")].status}',
    });
    expect(name.values.value).toBe('True');
    const waited = bench.act({ wait: 'pod/box', for: 'deleted' });
    await bench.act({ delete: 'pod/box' });
    await waited;
    const absent = await bench.act({ get: 'pod/box', 'missing-ok': true });
    expect(absent.values).toMatchObject({ exists: false, count: 0 });
  });

  test('runs a job from a CronJob in whatever version it is served, and says why one failed', async () => {
    const resource = await bench.cluster.named('cronjobs');
    const job = (command: string[]) => ({
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [
            { name: 'main', image: bench.range.image, imagePullPolicy: 'Never', command },
          ],
        },
      },
    });
    await bench.apply({
      apiVersion: `${resource.group}/${resource.version}`,
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: job(['true']) } },
    });
    const body = { 'create-job': 'now', from: 'cronjob/nightly' };
    const done = await bench.act(body);
    expect((await bench.find('job/now'))?.status).toMatchObject({ succeeded: 1 });
    await bench.undo(body, done.before);
    await bench.act({ wait: 'job/now', for: 'deleted' });
    const problem = await problemOf(
      bench.act({
        'create-job': {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { name: 'bad' },
          spec: job(['sh', '-c', 'exit 7']),
        },
      }),
    );
    expect(problem.code).toBe('kubernetes-job-ended');
    expect(problem.what).toContain('exit code 7');
  });

  test('says what an account may not do, and that a token is refused', async () => {
    const viewer = connectTo(bench.range.viewerKubeconfig, bench.range.context);
    const wrong = connectTo(bench.range.wrongTokenKubeconfig, bench.range.context);
    const by = (connection: typeof viewer) => ({ target: { kubernetes: async () => connection } });
    const forbidden = await problemOf(bench.act({ get: 'configmap/one' }, by(viewer)));
    expect(forbidden.code).toBe('kubernetes-forbidden');
    expect(forbidden.what).toMatch(/may not get configmaps in the namespace muster-kube-/);
    const token = await problemOf(bench.act({ get: 'configmap/one' }, by(wrong)));
    expect(token.code).toBe('kubernetes-unauthorized');
    viewer.close();
    wrong.close();
  });

  test('cordons and uncordons, and refuses to drain what would be lost', async () => {
    await bench.apply(pod('alone'));
    await bench.act({ wait: 'pod/alone', for: 'condition=Ready' });
    const [node] = await bench.cluster.list(await bench.cluster.named('nodes'), null);
    const name = node?.metadata.name ?? '';
    const refused = await problemOf(bench.act({ drain: name, selector: 'app=alone' }));
    expect(refused.code).toBe('kubernetes-drain-refused');
    expect(refused.what).toContain('/alone has no owner');
    const body = { drain: name, selector: 'app=alone', unmanaged: 'delete' };
    const done = await bench.act(body);
    expect(await bench.find('pod/alone')).toBeNull();
    expect(
      (await bench.act({ get: `node/${name}`, jsonpath: '{.spec.unschedulable}' })).values.value,
    ).toBe('true');
    await bench.undo(body, done.before);
    expect(
      (await bench.act({ get: `node/${name}`, jsonpath: '{.spec.unschedulable}' })).values.value,
    ).toBe('');
    const cordon = await bench.act({ cordon: name });
    expect((await bench.undo({ cordon: name }, cordon.before)).summary).toContain(
      'takes pods again',
    );
    expect((await bench.undo({ cordon: name }, cordon.before)).summary).toContain(
      'Nothing to take',
    );
  });

  test('a node that was cordoned before a step is not cordoned again by its undo', async () => {
    const [node] = await bench.cluster.list(await bench.cluster.named('nodes'), null);
    const name = node?.metadata.name ?? '';
    const first = await bench.act({ cordon: name });
    try {
      const second = await bench.act({ cordon: name });
      await bench.act({ uncordon: name });
      const undone = await bench.undo({ cordon: name }, second.before);
      expect(undone.summary).toContain('Nothing to take back');
      expect((await bench.find(`node/${name}`))?.spec).not.toHaveProperty('unschedulable');
    } finally {
      await bench.undo({ cordon: name }, first.before);
    }
  });

  test('a disruption budget holds a drain back, and the step says so', async () => {
    const resource = await Cluster.of(bench.connection).named('poddisruptionbudgets');
    await bench.apply(deployment('guarded', 1), {
      apiVersion: `policy/${resource.version}`,
      kind: 'PodDisruptionBudget',
      metadata: { name: 'guarded' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'guarded' } } },
    });
    await bench.act({ 'rollout-status': 'deployment/guarded' });
    const [node] = await bench.cluster.list(await bench.cluster.named('nodes'), null);
    const name = node?.metadata.name ?? '';
    const body = { drain: name, selector: 'app=guarded' };
    const problem = await problemOf(bench.act(body, { timeoutMs: 5_000 }));
    await bench.act({ uncordon: name });
    expect(problem.code).toBe('kubernetes-stuck');
    expect(problem.what).toContain('disruption budget guarded');
  });
});
