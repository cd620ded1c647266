import '../bench/sources.ts';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../src/core/run/events.ts';
import type { RunState } from '../src/core/run/state.ts';
import type { Workbench } from '../src/engine/testing.ts';

/**
 * Records one run of each kind with the real engine, for the tests of histories:
 *
 *     node scripts/record-histories.ts VERSION
 *
 * writes src/core/run/histories/VERSION-KIND.json for each kind that is not there yet; none is
 * ever written again. The folder of the recording and the name of this machine are replaced, and
 * the events chained anew for that.
 */
const { link } = await import('../src/core/ledger/chain.ts');
const { fold } = await import('../src/core/run/reduce.ts');
const { readClocks } = await import('../src/engine/clock-watch.ts');
const { writeOutputLimits } = await import('../src/engine/output-limits.ts');
const { createApprovalCheck } = await import('../src/engine/people/approval-check.ts');
const people = await import('../src/engine/people/registry.ts');
const { annotated, openWorkbench, shellStep } = await import('../src/engine/testing.ts');

interface Scene {
  text: string;
  called?: { file: string; text: string };
  mode?: 'drill' | 'rehearsal';
  /** What a person does from the start of the run to its end. */
  play(bench: Workbench, run: string): Promise<unknown>;
}

const folder = join(import.meta.dirname, '..', 'src', 'core', 'run', 'histories');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const over = ({ ended }: RunState): boolean => ended !== null;
const statusOf = (state: RunState, id: string) => state.steps.find((one) => one.id === id)?.status;
const hour = 3_600_000;
let setBy = 0;
let slept = 0;

const server = createServer((_, response) => response.end('{"status":"green"}')).listen(
  0,
  '127.0.0.1',
);
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

const toUndo = (last: string): string =>
  annotated(
    `## Do\n${shellStep('one', 'echo 1', 'undo="echo back 1"')}${shellStep('two', 'echo 2', `undo="${last}"`)}${shellStep('three', 'echo 3', 'undo="echo back 3"')}### Hold\n- [ ] Look.\n`,
  );

const scenes: Record<string, Scene> = {
  parallel: {
    text: annotated(
      `## Side by side {parallel=2}\n${shellStep('a', 'sleep 0.2')}${shellStep('b', 'sleep 0.1')}${shellStep('c', 'true', 'needs=a,b')}${shellStep('bad', 'exit 3', 'continue-on-error')}${shellStep('never', 'true', 'needs=bad')}${shellStep('flaky', '[ "$MUSTER_ATTEMPT" -gt 1 ]', 'retries=2 backoff=50ms')}`,
    ),
    play: (bench, run) => bench.until(run, over),
  },
  list: {
    text: annotated(
      `## All\n${shellStep('each', 'echo "$NODE"', 'each="NODE in [one, two, three]" limit=2 capture=SAID')}${shellStep('after', 'echo "$SAID"')}`,
    ),
    play: (bench, run) => bench.until(run, over),
  },
  polling: {
    text: annotated(
      `## All\n${shellStep('look', 'echo "$MUSTER_ATTEMPT"', 'capture=N until="N >= 3" interval=50ms deadline=20s')}${shellStep('never', 'exit 7', 'until interval=50ms deadline=200ms')}`,
    ),
    async play(bench, run) {
      await bench.until(run, (state) => statusOf(state, 'never') === 'failed');
      await bench.engine.command(run, { kind: 'skip', step: 'never', reason: 'Seen by hand.' });
      await bench.until(run, over);
    },
  },
  called: {
    text: annotated(
      `## All\n### Call\n\`\`\`runbook {id=call}\nfile: ./inner.md\ninputs: {WHO: ada}\ncapture: {ROWS: ROWS}\n\`\`\`\n${shellStep('after', 'echo "$ROWS"')}`,
    ),
    called: {
      file: 'inner.md',
      text: annotated(
        `## Inside\n${shellStep('greet', 'echo "hello $WHO"')}${shellStep('count', 'echo 42', 'capture=ROWS')}`,
        'inputs: {WHO: {}}\n',
      ),
    },
    play: (bench, run) => bench.until(run, over),
  },
  approval: {
    text: annotated(
      `## All\n### Approve\n\`\`\`approve {id=ask}\napprove: Cut over to the new database\n\`\`\`\n${shellStep('cut', 'echo cut')}`,
    ),
    async play(bench, run) {
      people.addPerson(bench.store, 'Bo', null);
      await people.setPin(bench.store, 'Bo', { old: null, new: '482913' });
      await bench.until(run, (state) => statusOf(state, 'ask') === 'waiting');
      const proof = { method: 'pin', approver: 'Bo', pin: '482913' } as const;
      await bench.engine.command(run, { kind: 'approve', step: 'ask', proof });
      await bench.until(run, over);
    },
  },
  pause: {
    text: annotated(
      `## All\n${shellStep('slow', 'sleep 0.5')}${shellStep('next', 'true')}### Look\n- [ ] Look.\n`,
    ),
    async play(bench, run) {
      await bench.until(run, (state) => statusOf(state, 'slow') === 'running');
      await bench.engine.command(run, { kind: 'pause', reason: 'Lunch.' });
      await bench.until(run, (state) => statusOf(state, 'slow') === 'succeeded');
      await bench.engine.command(run, { kind: 'note', step: null, text: 'Soup.' });
      await bench.engine.attach(run, {
        step: 'slow',
        name: 'menu.txt',
        bytes: Buffer.from('soup'),
      });
      await bench.engine.command(run, { kind: 'resume', reason: 'Back.' });
      const held = await bench.until(run, (state) => state.steps[2]?.status === 'waiting');
      await bench.engine.command(run, { kind: 'reopen', step: 'next', reason: 'Once more.' });
      await bench.until(run, ({ steps }) => steps[1]?.attempts[1]?.endedAt != null);
      const step = held.steps[2]?.id ?? '';
      await bench.engine.command(run, { kind: 'tick', step, task: 0, done: true });
      await bench.engine.command(run, { kind: 'confirm', step });
      await bench.until(run, over);
    },
  },
  'undo-step': {
    text: toUndo('echo back 2'),
    async play(bench, run) {
      await bench.until(run, ({ steps }) => steps[3]?.status === 'waiting');
      await bench.engine.command(run, { kind: 'undo', step: 'two', reason: 'Too early.' });
      await bench.engine.command(run, { kind: 'start', step: '~two' });
      await bench.until(run, (state) => statusOf(state, 'two') === 'pending');
      await bench.engine.command(run, { kind: 'start', step: 'two' });
      await bench.until(run, ({ steps }) => steps[1]?.attempts[1]?.endedAt != null);
      await bench.engine.command(run, { kind: 'abort', reason: 'Enough.', undo: false });
      await bench.until(run, over);
    },
  },
  'abort-undo': {
    text: toUndo('exit 1'),
    async play(bench, run) {
      await bench.until(run, ({ steps }) => steps[3]?.status === 'waiting');
      await bench.engine.command(run, { kind: 'abort', reason: 'Wrong way.', undo: true });
      await bench.until(run, over);
    },
  },
  rehearsal: {
    text: annotated(
      `## All\n${shellStep('plain', 'rm -rf /nowhere')}${shellStep('own', 'true', 'rehearse="echo would"')}${shellStep('each', 'echo "$N"', 'each="N in [1, 2]"')}### Look\n- [ ] Look.\n`,
    ),
    mode: 'rehearsal',
    play: (bench, run) => bench.until(run, over),
  },
  structured: {
    text: annotated(
      `## All\n### Health\n\`\`\`http {id=health timeout=5s expect="status == 200" capture="CODE=status"}\nurl: http://127.0.0.1:${port}/health\n\`\`\`\n### Checks\n\`\`\`check {id=checks timeout=5s}\nchecks:\n  - name: Web\n    http: {url: "http://127.0.0.1:${port}/health"}\n  - name: Closed\n    optional: true\n    tcp: {host: 127.0.0.1, port: 1}\n\`\`\`\n### Wait\n\`\`\`wait {id=pause timeout=5s}\nfor: 100ms\n\`\`\`\n`,
    ),
    play: (bench, run) => bench.until(run, over),
  },
  'hand-over': {
    text: annotated(
      `## All\n${shellStep('a', 'echo a')}### Look\n- [ ] Look.\n${shellStep('b', 'echo b')}`,
    ),
    async play(bench, run) {
      const held = await bench.until(run, ({ steps }) => steps[1]?.status === 'waiting');
      const bundle = {
        file: join(bench.home, 'run.muster-run'),
        passphrase: 'four words of nothing',
      };
      await bench.engine.handOver(run, { ...bundle, to: 'bo', reason: 'My shift is over.' });
      await bench.engine.takeOver({ ...bundle, back: true });
      await bench.engine.resume(run);
      const step = held.steps[1]?.id ?? '';
      await bench.engine.command(run, { kind: 'tick', step, task: 0, done: true });
      await bench.engine.command(run, { kind: 'confirm', step });
      await bench.until(run, over);
    },
  },
  clocks: {
    text: annotated(
      `## All\n${shellStep('flaky', '[ "$MUSTER_ATTEMPT" -gt 1 ]', 'retries=1 backoff=1s')}### Look\n- [ ] Look.\n`,
    ),
    async play(bench, run) {
      await bench.until(run, (state) => statusOf(state, 'flaky') === 'failed');
      setBy = hour;
      await bench.engine.command(run, { kind: 'note', step: null, text: 'The clock was set.' });
      const held = await bench.until(run, ({ steps }) => steps[1]?.status === 'waiting');
      slept = hour;
      const step = held.steps[1]?.id ?? '';
      await bench.engine.command(run, { kind: 'tick', step, task: 0, done: true });
      await bench.engine.command(run, { kind: 'confirm', step });
      await bench.until(run, over);
    },
  },
  flood: {
    text: annotated(`## All\n${shellStep('flood', 'seq 1 200000')}`),
    play: (bench, run) => bench.until(run, over),
  },
  unknown: {
    text: annotated(
      `## All\n${shellStep('lost', '[ "$MUSTER_ATTEMPT" -gt 1 ] || kill -9 0')}${shellStep('next', 'true')}`,
    ),
    async play(bench, run) {
      await bench.until(run, (state) => statusOf(state, 'lost') === 'unknown');
      const resolution = { as: 'retry', reason: 'Nothing is there.' } as const;
      await bench.engine.command(run, { kind: 'resolve', step: 'lost', ...resolution });
      await bench.until(run, over);
    },
  },
};

async function record(scene: Scene): Promise<unknown> {
  setBy = 0;
  slept = 0;
  const bench = openWorkbench({
    approve: (...given) => createApprovalCheck(bench.store, 'ada')(...given),
    clocks: () => {
      const { wall, mono, boot } = readClocks();
      return { wall: wall + setBy + slept, mono, boot: boot + slept };
    },
  });
  try {
    writeOutputLimits(bench.store, { startBytes: 1_000, endBytes: 1_000 });
    if (scene.called) {
      mkdirSync(join(bench.home, 'runbooks'), { recursive: true });
      writeFileSync(join(bench.home, 'runbooks', scene.called.file), scene.called.text);
    }
    const run = await bench.start(scene.text, { mode: scene.mode ?? 'drill' });
    await scene.play(bench, run);
    const events = chainedAnew(bench.store.events.read(run), bench.home);
    const end = fold(events);
    return {
      runbook: scene.text,
      called: scene.called?.text ?? null,
      end: {
        outcome: end?.ended?.outcome,
        remains: end?.ended?.remains,
        shiftMs: end?.shiftMs,
        sleptMs: end?.sleptMs,
        captures: end?.captures,
        steps: end?.steps.map(({ id, status, attempts }) => [id, status, attempts.length]),
      },
      events,
    };
  } finally {
    await bench.close();
  }
}

function chainedAnew(events: readonly RunEvent[], home: string): RunEvent[] {
  const chained: RunEvent[] = [];
  for (const { run, time, mono, session, body } of events) {
    const plain = JSON.stringify(body).replaceAll(home, '/srv').replaceAll(hostname(), 'laptop');
    const last = chained.at(-1) ?? null;
    chained.push(link(last, { run, time, mono, session }, JSON.parse(plain), sha256));
  }
  return chained;
}

const [version] = process.argv.slice(2);
if (version === undefined)
  throw new Error('Name the version: node scripts/record-histories.ts VERSION');
for (const [kind, scene] of Object.entries(scenes)) {
  const file = join(folder, `${version}-${kind}.json`);
  if (existsSync(file)) continue;
  writeFileSync(file, `${JSON.stringify(await record(scene), null, 1)}\n`);
  console.log(`${version}-${kind}`);
}
server.close();
