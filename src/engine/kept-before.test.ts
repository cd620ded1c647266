import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { RunState, StepState } from '../core/run/state.ts';
import { createKeptBefore } from './kept-before.ts';
import { openFolderStore } from './objects/folder-store.ts';
import { verifyRun } from './record.ts';
import type { TargetBinding } from './targets/bound.ts';
import { annotated, openWorkbench, shellStep, type Workbench } from './testing.ts';

const UPLOAD = `### Keep it
\`\`\`s3 {id=keep timeout=1m undo=auto}
upload: dump
to: s3://backups/dump
manifest: s3://sums/SHA256SUMS
\`\`\`
### Hold
\`\`\`sh {id=hold timeout=20s}
exit 1
\`\`\`
`;
const none = async (): Promise<never> => {
  throw new Error('not in this test');
};

interface Site {
  bench: Workbench;
  root: string;
  /** While it is, what is written to the sums does not come to its end. */
  isStuck: boolean;
}

/** A site with one bucket; the other one, for the sums, has to be made. */
function site(): Site {
  const made = { isStuck: false };
  const binding = (): TargetBinding => ({
    snapshots: [
      {
        ...{ role: 'primary', name: 'test', colour: 'green', care: 'practice', namespace: null },
        ...{ places: [root], pinned: [], identity: 'a folder' },
      },
    ],
    target: () => ({
      ...{ name: 'test', care: 'practice', namespace: null },
      ...{ kubernetes: none, database: none },
      async objectStore() {
        const store = openFolderStore(root);
        return {
          ...store,
          put: async (request) => {
            if (made.isStuck) {
              await new Promise((_, reject) => {
                request.signal.addEventListener('abort', () => reject(request.signal.reason));
              });
            }
            return store.put(request);
          },
        };
      },
    }),
    environment: {},
    secrets: [],
    proveShell: async () => [],
    close: async () => undefined,
  });
  const bench = openWorkbench({ bindTargets: async () => binding() });
  onTestFinished(() => bench.close());
  const root = join(bench.home, 'site');
  mkdirSync(join(root, 'backups'), { recursive: true });
  mkdirSync(join(bench.home, 'runbooks'), { recursive: true });
  // Sent in parts, so that only the sums go through `put`.
  writeFileSync(join(bench.home, 'runbooks', 'dump'), Buffer.alloc(17 * 1024 * 1024, 'x'));
  return Object.assign(made, { bench, root });
}

function begin({ bench }: Site): Promise<string> {
  const front = 'requires: {target: [primary]}\n';
  return bench.start(annotated(`## One\n${UPLOAD}`, front), { targets: { primary: 'test' } });
}

const keep = ({ steps }: RunState): StepState | undefined => steps.find(({ id }) => id === 'keep');

async function takenBack({ bench, root }: Site, run: string): Promise<void> {
  await bench.engine.command(run, { kind: 'undo', step: 'keep', reason: 'it was not meant' });
  await bench.engine.command(run, { kind: 'start', step: '~keep' });
  await bench.until(run, ({ steps }) => steps.some((step) => step.id === 'keep' && step.undone));
  expect(readdirSync(join(root, 'backups'))).toEqual([]);
  expect(verifyRun(bench.store, run).bad).toBeNull();
}

it('takes back also what an earlier try did that failed', async () => {
  const given = site();
  const run = await begin(given);
  await given.bench.until(run, (state) => keep(state)?.status === 'failed');
  expect(existsSync(join(given.root, 'backups', 'dump'))).toBe(true);
  mkdirSync(join(given.root, 'sums'));
  await given.bench.engine.command(run, { kind: 'start', step: 'keep' });
  await given.bench.until(run, (state) => keep(state)?.status === 'succeeded');
  expect(given.bench.output(run, 'keep', 2)).toContain('it was there already');
  await takenBack(given, run);
});

it('takes back also what a try did that ended with Muster', async () => {
  const given = site();
  mkdirSync(join(given.root, 'sums'));
  given.isStuck = true;
  const run = await begin(given);
  await given.bench.until(run, () => existsSync(join(given.root, 'backups', 'dump')));
  await given.bench.reopen();
  given.isStuck = false;
  await given.bench.engine.resume(run);
  await given.bench.until(run, (state) => keep(state)?.attempts.length === 2);
  await given.bench.until(run, (state) => keep(state)?.status === 'succeeded');
  await takenBack(given, run);
});

it('still has what was kept first where more cannot be kept', async () => {
  const bench = openWorkbench();
  onTestFinished(() => bench.close());
  const text = annotated(`## One\n${shellStep('one', 'exit 1')}`);
  const run = await bench.start(text);
  await bench.until(run, ({ steps }) => steps.some(({ status }) => status === 'failed'));
  const dir = join(bench.home, 'attempt');
  mkdirSync(dir);
  const kept = createKeptBefore({
    ...{ store: bench.store, run, runbook: bench.runbook(text).runbook },
    ...{ state: () => bench.state(run), dirOf: () => dir, redact: (said: string) => said },
  });
  kept.keep('one', 1, { replicas: 3 });
  // The new one cannot be written.
  mkdirSync(join(dir, 'before.json.new'));
  expect(() => kept.keep('one', 1, { replicas: 0 })).toThrow(/cannot be used/);
  expect(kept.ofEarlierTry('one', 2)).toEqual({ replicas: 3 });
});
