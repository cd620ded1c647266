import './sources.ts';
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { link } from '../src/core/ledger/chain.ts';
import type { RunEvent } from '../src/core/run/events.ts';
import { type App, NOW, startApp, withFolder } from './electron.ts';
import { ledger } from './ledgers.ts';
import { goal, median } from './measure.ts';

/**
 * Opening the record of a run with 100,000 events in the real window: from the click on its line in
 * the list until its outcome and its steps are drawn. Goal: under 300 ms. Beside it a short run,
 * and how soon all attempts of one of its steps are there when it is opened.
 */
const { openStore } = await import('../src/store/open.ts');
const { createHeadSigner } = await import('../src/engine/keys/sign-heads.ts');

const EVENTS = 100_000;
const FEW = 100;
const STEPS = 100;
const TURNS = 5;

const root = join(import.meta.dirname, '..');

/** The runs as whoever drove them left them behind. */
function record(home: string): void {
  const store = openStore(home);
  try {
    const text = runbook();
    const sha256 = hash('sha256', text, 'hex');
    store.texts.keep(sha256, text);
    for (const [id, events] of [
      ['short', FEW],
      ['long', EVENTS],
    ] as const) {
      const createdAt = new Date().toISOString();
      store.runs.create({ id, sha256, title: `A ${id} run`, path: null, createdAt });
      const recorded = [...ledger(id, events - 1, STEPS, { title: `A ${id} run`, sha256 })];
      store.events.append([...recorded, ended(recorded.at(-1) ?? null)]);
      createHeadSigner(store, null).sign(id);
    }
  } finally {
    store.close();
  }
}

function ended(previous: RunEvent | null): RunEvent {
  const time = previous?.time ?? new Date().toISOString();
  const stamp = { run: previous?.run ?? '', time, mono: 0, session: 'b3nchb3nch01' };
  const body = { kind: 'run.ended', outcome: 'failed', reason: null, by: 'ada' } as const;
  return link(previous, stamp, body, (text) => hash('sha256', text, 'hex'));
}

function runbook(): string {
  const steps = Array.from(
    { length: STEPS },
    (_, step) => `### Step ${step}\n\n\`\`\`sh {id=step-${step}}\nfalse\n\`\`\`\n`,
  );
  return `---\nrunbook: 1\n---\n# A run\n\n## All\n\n${steps.join('\n')}`;
}

const lineOf = (title: string): string =>
  `[...document.querySelectorAll('main li > button')].find((one) => one.innerText.includes('${title}'))`;

const until = (condition: string): string => `new Promise((resolve) => {
  const look = () => requestAnimationFrame((${condition}) ? drawn : look);
  const drawn = () => requestAnimationFrame(() => resolve(${NOW}));
  look();
})`;

/** In ms: until the record is drawn, and until it has all attempts. */
async function opened(app: App, title: string, attempts: string) {
  await app.evaluate(until(`${lineOf(title)} !== undefined`));
  const began = Number(await app.evaluate(`(${lineOf(title)}.click(), ${NOW})`));
  const page = `document.querySelector('main').innerText`;
  const drawn = `${page}.includes('Steps (${STEPS})') && ${page}.includes('Step 3')`;
  const seen = Number(await app.evaluate(until(drawn)));
  const asked = Number(
    await app.evaluate(`(document.querySelector('main summary').click(), ${NOW})`),
  );
  const whole = Number(await app.evaluate(until(`${page}.includes('${attempts}')`)));
  await app.key({ key: 'Escape', code: 'Escape', keyCode: 27 });
  return { seen: seen - began, whole: whole - asked };
}

await withFolder(async (folder) => {
  const home = join(folder, 'home');
  record(home);
  const turns: { short: number; seen: number; whole: number }[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    // A run that was opened before is kept at hand, so each turn is a new start.
    const app = await startApp(root, { MUSTER_HOME: home });
    try {
      await app.evaluate(until('document.querySelector("main h1") !== null'));
      await app.key({ key: 'g', code: 'KeyG', keyCode: 71, text: 'g' });
      await app.key({ key: 'h', code: 'KeyH', keyCode: 72, text: 'h' });
      const short = await opened(app, 'A short run', 'Attempt 1');
      const long = await opened(app, 'A long run', 'Attempt 333');
      turns.push({ short: short.seen, ...long });
    } finally {
      await app.close();
    }
  }
  const of = (pick: (turn: (typeof turns)[number]) => number) => median(turns.map(pick));
  console.log(`a run with ${FEW} events       ${of(({ short }) => short).toFixed(0)} ms`);
  console.log(`all attempts of a step      ${of(({ whole }) => whole).toFixed(0)} ms`);
  goal(
    'open a run with 100,000 events',
    of(({ seen }) => seen),
    'ms',
    { atMost: 300 },
  );
});
