import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MusterError, type Problem } from '../core/problem.ts';
import { knownSecrets } from './credentials/known-secrets.ts';
import type { TargetBinding } from './targets/bound.ts';
import { annotated, openWorkbench, shellStep, type Workbench } from './testing.ts';

/** What a run records and tells besides the output of its steps: problems, summaries, progress. */

const INPUT = 'hunter2-hunter2';
/** Of no input: what a connection got by itself, such as the token of a sign-in plugin. */
const SESSION = 'token-of-a-session-4711';

const front = `inputs:\n  PASSWORD: {secret: "env:SECRET_SOURCE"}\nrequires: {target: [primary]}\n`;

function problem(secret: string): Problem {
  return {
    code: 'refused-by-server',
    what: `The server refused ${secret}.`,
    safe: `Nothing was sent but ${secret}.`,
    next: `Use another one than ${secret}.`,
    detail: `{"sent": "Basic ${Buffer.from(`ada:${secret}`).toString('base64')}"}`,
  };
}

/** A target whose servers repeat what they were sent. */
function repeating(secret: string): TargetBinding {
  const refuse = async (): Promise<never> => {
    throw new MusterError(problem(secret));
  };
  const kubernetes = refuse;
  return {
    snapshots: [],
    target: () => ({
      ...{ name: 'test', care: 'practice', namespace: null },
      ...{ kubernetes, objectStore: refuse, database: refuse },
    }),
    environment: {},
    secrets: [],
    proveShell: refuse,
    close: async () => undefined,
  };
}

function opened(secret: string): Workbench {
  const bench = openWorkbench({ bindTargets: async () => repeating(secret) });
  onTestFinished(() => bench.close());
  return bench;
}

function everythingIn(home: string): string {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

const steps = (id: string): string =>
  `### Ask\n\`\`\`kubernetes {id=${id} timeout=1m}\nget: pods\n\`\`\`\n`;

describe.each([
  ['a secret input', INPUT],
  ['a credential that only a connection knows', SESSION],
])('%s', (_, secret) => {
  it.each([
    ['a structured step', steps('a')],
    ['a shell step that may not begin', shellStep('a', 'true')],
    [
      'a step that looks until something holds',
      steps('a').replace('timeout=1m', 'timeout=1m until deadline=1s interval=1s'),
    ],
  ])('is in no problem of %s', async (_kind, body) => {
    knownSecrets.add(SESSION);
    const bench = opened(secret);
    const run = await bench.start(annotated(`## One\n${body}`, front), {
      targets: { primary: 'test' },
    });
    const state = await bench.until(run, (now) => now.steps[0]?.status === 'failed');
    const said = JSON.stringify(state);
    expect(said).toContain('•••');
    expect(said).not.toContain(secret);
    await bench.reopen();
    const kept = everythingIn(bench.home);
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(Buffer.from(secret).toString('base64').slice(3, 14));
  });

  it('is not in what a step prints', async () => {
    knownSecrets.add(SESSION);
    const bench = openWorkbench();
    onTestFinished(() => bench.close());
    const run = await bench.start(
      annotated(
        `## One\n${shellStep('a', `echo "it is ${secret}."`)}`,
        'inputs:\n  PASSWORD: {secret: "env:SECRET_SOURCE"}\n',
      ),
    );
    await bench.until(run, ({ ended }) => ended !== null);
    expect(bench.output(run, 'a')).toBe('it is •••.\n');
  });
});
