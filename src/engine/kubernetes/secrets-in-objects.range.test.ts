import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { redactionMark } from '../../core/ledger/redact.ts';
import { verifyRun } from '../record.ts';
import type { TargetBinding } from '../targets/bound.ts';
import { annotated, openWorkbench, type Workbench } from '../testing.ts';
import { type Bench, deployment, openBench, podSpec, range } from './test/range.ts';

/** What `SECRET_SOURCE` of the workbench holds. */
const SECRET = 'hunter2-hunter2';
const URL = `postgres://orders:${SECRET}@db`;
const FRONT = 'inputs:\n  PASSWORD: {secret: "env:SECRET_SOURCE"}\nrequires: {target: [primary]}\n';

const variables = z.object({ env: z.array(z.object({ name: z.string(), value: z.string() })) });
const workload = z.object({
  spec: z.object({ template: z.object({ spec: z.object({ containers: z.array(variables) }) }) }),
});

/**
 * Real objects hold secrets in plain, in an environment variable, say. What undoing needs is kept
 * without them, and what stands in their place must never be written to the cluster.
 */
describe.skipIf(range === null)('an object with a secret in it', { timeout: 60_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    if (range !== null) bench = await openBench(range);
  }, 60_000);
  afterAll(() => bench?.close(), 60_000);

  const binding = (): TargetBinding => ({
    snapshots: [
      {
        ...{ role: 'primary', name: 'test', colour: 'green', care: 'practice', places: [] },
        ...{ namespace: bench.namespace, pinned: [], identity: 'the range' },
      },
    ],
    target: () => ({
      ...{ name: 'test', care: 'practice', namespace: bench.namespace },
      kubernetes: async () => bench.connection,
      objectStore: () => Promise.reject(new Error('not in this test')),
      database: () => Promise.reject(new Error('not in this test')),
    }),
    environment: {},
    secrets: [],
    proveShell: async () => [],
    close: async () => undefined,
  });

  /** Runs one step to its end. */
  async function carriedOut(body: string): Promise<{ engine: Workbench; run: string }> {
    const engine = openWorkbench({ bindTargets: async () => binding() });
    onTestFinished(() => engine.close());
    const step = `### Do it\n\`\`\`kubernetes {id=it timeout=1m undo=auto}\n${body}\n\`\`\`\n`;
    const hold = '### Hold\n```sh {id=hold timeout=20s}\nexit 1\n```\n';
    const run = await engine.start(annotated(`## One\n${step}${hold}`, FRONT), {
      targets: { primary: 'test' },
    });
    const state = await engine.until(run, ({ steps }) =>
      steps.some(({ id, status }) => id === 'it' && status !== 'running' && status !== 'pending'),
    );
    const it = state.steps.find(({ id }) => id === 'it');
    expect(it?.attempts.at(-1)?.result?.problem ?? null).toBeNull();
    expect(it?.status).toBe('succeeded');
    return { engine, run };
  }

  /** Takes it back; the problem's code, or null where it is taken back. */
  async function takenBack({ engine, run }: { engine: Workbench; run: string }) {
    await engine.engine.command(run, { kind: 'undo', step: 'it', reason: 'it was not meant' });
    await engine.engine.command(run, { kind: 'start', step: '~it' });
    const state = await engine.until(run, ({ steps }) =>
      steps.some(
        ({ id, undone, status }) =>
          (id === 'it' && undone) || (id === '~it' && status === 'failed'),
      ),
    );
    expect(verifyRun(engine.store, run).bad).toBeNull();
    expect(JSON.stringify(engine.store.events.read(run))).not.toContain(SECRET);
    return (
      state.steps.find(({ id }) => id === '~it')?.attempts.at(-1)?.result?.problem?.code ?? null
    );
  }

  const app = (name: string, value: string, replicas = 0) => {
    const made = deployment(name, replicas) as { spec: { template: { spec: unknown } } };
    const { containers, ...rest } = podSpec(range?.image ?? '');
    const env = [
      { name: 'DATABASE_URL', value },
      { name: 'MODE', value: 'open' },
    ];
    made.spec.template.spec = { ...rest, containers: containers.map((one) => ({ ...one, env })) };
    return made;
  };
  const environmentOf = async (name: string) => {
    const { spec } = workload.parse(await bench.find(`deployment/${name}`));
    const [container] = spec.template.spec.containers;
    return Object.fromEntries(container?.env.map((one) => [one.name, one.value]) ?? []);
  };
  const patchOf = (name: string, variable: string, value: string) =>
    `patch: deployment/${name}\nwith: {spec: {template: {spec: {containers: [{name: main, env: [{name: ${variable}, value: "${value}"}]}]}}}}`;

  test('keeps its secret where the step changed something else', async () => {
    await bench.apply(app('patched', URL));
    const done = await carriedOut(patchOf('patched', 'MODE', 'closed'));
    expect(await environmentOf('patched')).toEqual({ DATABASE_URL: URL, MODE: 'closed' });
    expect(await takenBack(done)).toBeNull();
    expect(await environmentOf('patched')).toEqual({ DATABASE_URL: URL, MODE: 'open' });
  });

  test('is left as it is where the step replaced the secret', async () => {
    await bench.apply(app('replaced', URL));
    const done = await carriedOut(patchOf('replaced', 'DATABASE_URL', 'none'));
    expect(await takenBack(done)).toBe('kubernetes-secret-not-kept');
    expect(await environmentOf('replaced')).toEqual({ DATABASE_URL: 'none', MODE: 'open' });
  });

  test('gets back what it had where the step brought the secret', async () => {
    await bench.apply(app('given', 'none'));
    const done = await carriedOut(patchOf('given', 'DATABASE_URL', `x-\${PASSWORD}`));
    expect((await environmentOf('given')).DATABASE_URL).toBe(`x-${SECRET}`);
    expect(await takenBack(done)).toBeNull();
    expect(await environmentOf('given')).toEqual({ DATABASE_URL: 'none', MODE: 'open' });
  });

  test('is not made anew without it where the step deleted it', async () => {
    await bench.apply(app('deleted', URL));
    const done = await carriedOut('delete: [deployment/deleted]');
    expect(await takenBack(done)).toBe('kubernetes-secret-not-kept');
    expect(await bench.find('deployment/deleted')).toBeNull();
  });

  test('is deleted where the step made it', async () => {
    const manifest = JSON.stringify(app('made', `x-\${PASSWORD}`));
    const done = await carriedOut(`apply: ${manifest}\nsettle: false`);
    expect((await environmentOf('made')).DATABASE_URL).toBe(`x-${SECRET}`);
    expect(await takenBack(done)).toBeNull();
    expect(await bench.find('deployment/made')).toBeNull();
  });

  test('is rolled back with its secret, and forth again', async () => {
    await bench.apply(app('rolled', URL));
    await bench.act({ patch: 'deployment/rolled', with: withMode('closed') });
    const done = await carriedOut('undo-rollout: deployment/rolled\nsettle: false');
    expect(await environmentOf('rolled')).toEqual({ DATABASE_URL: URL, MODE: 'open' });
    expect(await takenBack(done)).toBeNull();
    expect(await environmentOf('rolled')).toEqual({ DATABASE_URL: URL, MODE: 'closed' });
  });

  test('keeps an annotation whose value was not kept', async () => {
    await bench.apply(app('noted', 'none'));
    await bench.act({ annotate: ['deployment/noted'], set: { note: URL } });
    const done = await carriedOut('annotate: [deployment/noted]\nset: {note: gone}');
    expect(await takenBack(done)).toBe('kubernetes-secret-not-kept');
    const note = (await bench.find('deployment/noted'))?.metadata.annotations?.note;
    expect(note).toBe('gone');
    expect(note).not.toContain(redactionMark);
  });
});

const withMode = (value: string) => ({
  spec: { template: { spec: { containers: [{ name: 'main', env: [{ name: 'MODE', value }] }] } } },
});
