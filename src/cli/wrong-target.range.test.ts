import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { kubernetesVerbs } from '../core/actions/kinds/kubernetes.ts';
import { type Problem, toProblem } from '../core/problem.ts';
import type { RunEvent } from '../core/run/events.ts';
import { target } from '../core/targets/test/targets.ts';
import { type AuditTrail, beginTrail } from '../engine/kubernetes/test/audit.ts';
import { range } from '../engine/kubernetes/test/range.ts';
import { openSecondCluster, type SecondCluster } from '../engine/kubernetes/test/second-cluster.ts';
import { createBinder } from '../engine/targets/bind.ts';
import { openWorkbench, type Workbench } from '../engine/testing.ts';
import { folder, lines, muster, runbook, shellStep, summary } from './test/muster.ts';

/**
 * A kubeconfig that leads to another cluster under the same context from one step to the next. What
 * reached that cluster is told by its own audit log: nothing but who it is was asked.
 */

interface World {
  kubeconfig: string;
  auditLog: string;
  user: string;
  uid: string;
}

const namespace = `muster-swap-${randomBytes(4).toString('hex')}`;
const context = range?.context ?? '';

/** What is done beside Muster: by kubectl, which knows nothing of it. */
function kubectl(kubeconfig: string, ...args: string[]): string {
  const given = [`--kubeconfig=${kubeconfig}`, `--context=${context}`, ...args];
  return execFileSync('kubectl', given, { timeout: 30_000, stdio: 'pipe' }).toString().trim();
}

/** A step of each verb, as its own documentation writes it where that needs no file and no vault. */
const bodies: Record<string, string | undefined> = {
  apply: kubernetesVerbs.apply.examples.at(-1),
  secret: 'secret: orders-db\ndata: {password: "env:PATH"}',
  'copy-in': 'copy-in: pod/orders-db\nfrom: .\npath: /tmp/in',
};
const verbSteps = Object.entries(kubernetesVerbs).map(
  ([verb, { examples }]) =>
    `### Step ${verb}\n\`\`\`kubernetes {id=do-${verb} timeout=1m continue-on-error}\n${
      bodies[verb] ?? examples[0]
    }\n\`\`\`\n`,
);

const opening = `---
runbook: 1
requires: {target: [primary]}
inputs: {FILE: {type: string, help: h}, OTHER: {type: string, help: h}}
---
# Swapped

## Before
### Right
\`\`\`kubernetes {id=right timeout=1m}
apply: {apiVersion: v1, kind: ConfigMap, metadata: {name: before}, data: {by: muster}}
\`\`\`
`;

const swapsItself = `${opening}${shellStep('swap', 'cp "$OTHER" "$FILE"')}
## After
${verbSteps.join('\n')}
${shellStep('shell', 'kubectl create configmap by-shell')}
`;

const waits = `${opening}
## After
### Go on {id=go}
\`\`\`ask {id=go-on}
question: Go on?
\`\`\`
${shellStep('shell', 'kubectl create configmap by-shell')}
`;

const onlyShell = `---
runbook: 1
requires: {target: [primary]}
---
# Shell

## All
${shellStep('shell', 'kubectl create configmap by-shell')}
`;

/** An engine of this process with the target `prod`, which is whatever cluster the kubeconfig names. */
function benchOf(kubeconfig: string): Workbench {
  const bench = openWorkbench({
    bindTargets: (request) =>
      createBinder({
        store: bench.store,
        vault: { read: () => Promise.reject(new Error('There is no vault here.')) },
        env: { PATH: process.env.PATH, HOME: bench.home },
        operator: 'ada',
      })(request),
  });
  const kubernetes = { kubeconfig, context };
  const parts = { kubernetes, namespace, objectStore: null, databases: {} };
  bench.store.targets.add(target({ name: 'prod', care: 'practice', ...parts }));
  return bench;
}

describe.skipIf(range === null)('another cluster under the same context', () => {
  let second: SecondCluster | null = null;
  let kept = '';
  const worlds: { range?: World; second?: World } = {};

  beforeAll(async () => {
    if (range === null) return;
    kept = mkdtempSync(join(tmpdir(), 'muster-swap-'));
    second = await openSecondCluster(range);
    if (second === null) return;
    const uidOf = (kubeconfig: string): string =>
      kubectl(kubeconfig, 'get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}');
    for (const { kubeconfig } of [second, range]) {
      kubectl(kubeconfig, 'create', 'namespace', namespace);
    }
    worlds.second = { ...second, uid: uidOf(second.kubeconfig) };
    worlds.range = { ...ownAccount(range), uid: uidOf(range.kubeconfig) };
  }, 90_000);

  afterAll(async () => {
    await second?.close();
    rmSync(kept, { recursive: true, force: true });
    if (range === null || !worlds.range) return;
    kubectl(range.kubeconfig, 'delete', 'clusterrolebinding', namespace);
    kubectl(range.kubeconfig, 'delete', 'namespace', namespace, '--wait=false');
  }, 60_000);

  /** An account that nobody else has, so that the log of a shared server tells whose request is whose. */
  function ownAccount(given: { kubeconfig: string; auditLog: string }): Omit<World, 'uid'> {
    kubectl(
      given.kubeconfig,
      ...['create', 'clusterrolebinding', namespace, '--clusterrole=cluster-admin'],
      `--serviceaccount=${namespace}:default`,
    );
    const token = kubectl(given.kubeconfig, 'create', 'token', 'default', `-n=${namespace}`);
    const config = parse(readFileSync(given.kubeconfig, 'utf8'));
    config.users[0].user = { token };
    const kubeconfig = join(kept, 'range.kubeconfig');
    writeFileSync(kubeconfig, stringify(config), { mode: 0o600 });
    const user = `system:serviceaccount:${namespace}:default`;
    return { kubeconfig, auditLog: given.auditLog, user };
  }

  afterEach(() => {
    for (const world of Object.values(worlds)) {
      const made = ['configmap', 'before', 'by-shell', `-n=${namespace}`, '--ignore-not-found'];
      kubectl(world.kubeconfig, 'delete', ...made);
    }
  });

  function sides(right: 'range' | 'second'): { right: World; wrong: World; file: string } {
    const [own, other] = [worlds[right], worlds[right === 'range' ? 'second' : 'range']];
    if (!own || !other) throw new Error('There are no two clusters');
    const file = join(folder(), 'kubeconfig');
    copyFileSync(own.kubeconfig, file);
    return { right: own, wrong: other, file };
  }

  /** The requests of the account since the trail began, but for this last one. */
  function told(trail: AuditTrail, { kubeconfig }: World): ReturnType<AuditTrail['until']> {
    const last = `/version?seen=${randomBytes(4).toString('hex')}`;
    kubectl(kubeconfig, 'get', '--raw', last);
    return trail.until(last);
  }

  async function expectOnlyAsked(trail: AuditTrail, wrong: World): Promise<void> {
    const requests = await told(trail, wrong);
    const kinds = new Set(requests.map(({ verb, requestURI }) => `${verb} ${requestURI}`));
    expect([...kinds]).toEqual(['get /api/v1/namespaces/kube-system']);
  }

  function expectBoth(problem: Problem | null | undefined, right: World, wrong: World): void {
    expect(problem).toMatchObject({ code: 'target-mismatch' });
    expect(problem?.what).toContain(right.uid);
    expect(problem?.what).toContain(wrong.uid);
  }

  async function addTarget(home: string, file: string): Promise<void> {
    const place = ['--context', context, '--kubeconfig', file, '--namespace', namespace];
    const added = await muster(home, 'targets', 'add', 'prod', ...place);
    expect(added.code).toBe(0);
  }

  it.each(['range', 'second'] as const)(
    'stops every kind of Kubernetes step on the command line (pinned: %s)',
    async (side) => {
      const { right, wrong, file } = sides(side);
      const home = folder();
      await addTarget(home, file);
      const [onRight, onWrong] = [right, wrong].map((w) => beginTrail(w.auditLog, w.user));
      const run = await muster(
        home,
        ...['run', runbook(swapsItself), '--target', 'primary=prod', '--auto'],
        ...['--yes', 'destructive', '--input', `FILE=${file}`],
        ...['--input', `OTHER=${wrong.kubeconfig}`, '--json'],
      );
      const ended = new Map(
        (lines(run.out) as RunEvent[]).flatMap(({ body }) =>
          body?.kind === 'step.ended' ? [[body.step, body] as const] : [],
        ),
      );
      expect(ended.get('right')?.outcome).toBe('succeeded');
      for (const verb of Object.keys(kubernetesVerbs)) {
        expectBoth(ended.get(`do-${verb}`)?.problem, right, wrong);
      }
      // What a shell was given when the run began still leads to the right one.
      expect(ended.get('shell')?.outcome).toBe('succeeded');
      if (onWrong) await expectOnlyAsked(onWrong, wrong);
      const done = onRight ? await told(onRight, right) : [];
      expect(done.map(({ verb }) => verb)).toEqual(expect.arrayContaining(['patch', 'create']));
    },
    60_000,
  );

  it('stops every kind of Kubernetes step of an engine that drives the run', async () => {
    const { right, wrong, file } = sides('second');
    const bench = benchOf(file);
    try {
      const trail = beginTrail(wrong.auditLog, wrong.user);
      const run = await bench.start(swapsItself, {
        targets: { primary: 'prod' },
        inputs: { FILE: file, OTHER: wrong.kubeconfig },
      });
      const state = await bench.until(run, ({ ended }) => ended !== null, 40_000);
      for (const verb of Object.keys(kubernetesVerbs)) {
        const step = state.steps.find(({ id }) => id === `do-${verb}`);
        expectBoth(step?.attempts.at(-1)?.problem, right, wrong);
      }
      await expectOnlyAsked(trail, wrong);
    } finally {
      await bench.close();
    }
  }, 60_000);

  it('opens no terminal there beside a run', async () => {
    const { right, wrong, file } = sides('second');
    const bench = benchOf(file);
    try {
      const trail = beginTrail(wrong.auditLog, wrong.user);
      const run = await bench.start(waits, {
        targets: { primary: 'prod' },
        inputs: { FILE: file, OTHER: wrong.kubeconfig },
      });
      await bench.until(run, ({ steps }) => steps.some(({ status }) => status === 'succeeded'));
      const inTerminal = async (...args: string[]): Promise<string> => {
        const env = await bench.engine.environment(run);
        return execFileSync('kubectl', args, { env, timeout: 30_000, stdio: 'pipe' }).toString();
      };
      const name = ['get', 'configmap/before', '--output=name'];
      expect(await inTerminal(...name)).toContain('configmap/before');

      copyFileSync(wrong.kubeconfig, file);
      // What it was given when the run began still leads to the right one.
      expect(await inTerminal(...name)).toContain('configmap/before');
      await bench.reopen();
      await bench.engine.resume(run);
      expectBoth(await inTerminal(...name).then(() => undefined, toProblem), right, wrong);
      await expectOnlyAsked(trail, wrong);
    } finally {
      await bench.close();
    }
  }, 60_000);

  it('stops a shell step of a run that is taken up again', async () => {
    const { right, wrong, file } = sides('second');
    const home = folder();
    await addTarget(home, file);
    const trail = beginTrail(wrong.auditLog, wrong.user);
    const inputs = ['--input', `FILE=${file}`, '--input', 'OTHER=none'];
    const wanted = [
      '--target',
      'primary=prod',
      '--auto',
      '--yes',
      'destructive',
      ...inputs,
      '--json',
    ];
    const run = await muster(home, 'run', runbook(waits), ...wanted);
    const { id } = summary(run.out);
    expect(summary(run.out).steps.find((step) => step.id === 'right')?.status).toBe('succeeded');
    copyFileSync(wrong.kubeconfig, file);
    const resumed = await muster(home, 'resume', id, '--answer', 'go-on=yes', '--json');
    expectBoth(summary(resumed.out).problem, right, wrong);
    await expectOnlyAsked(trail, wrong);
  }, 60_000);

  it('stops a run whose first step is a shell step', async () => {
    const { right, wrong, file } = sides('second');
    const home = folder();
    await addTarget(home, file);
    expect((await muster(home, 'targets', 'check', 'prod')).code).toBe(0);
    copyFileSync(wrong.kubeconfig, file);
    const trail = beginTrail(wrong.auditLog, wrong.user);
    const wanted = ['--target', 'primary=prod', '--auto', '--json'];
    const run = await muster(home, 'run', runbook(onlyShell), ...wanted);
    expectBoth(summary(run.out).problem, right, wrong);
    await expectOnlyAsked(trail, wrong);
  }, 60_000);
});
