import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type App, startApp, withFolder } from './electron.ts';
import { goal, median } from './measure.ts';

/**
 * 100 MB through the terminal of the real app, from a program in a pseudo-terminal to the last
 * line in the view, against xterm.js alone in a window of the same Electron, of the same size and
 * drawing the same way, which is given the same text without any process in between. In turns.
 * Goal: at least 0.8 times the speed. Beside it: how long Ctrl-C takes in a flood that does not
 * end, and the longest time between two frames.
 */
const PAIRS = 3;
const INTERRUPTS = 5;
/** Lines of 80 characters, no two of them the same; 800 of them are a piece. */
const piece = (index: number): string =>
  Array.from(
    { length: 800 },
    (_, line) =>
      `${String(index * 800 + line).padStart(8)} The quick brown fox jumps over the lazy dog, and does so again and on.\n`,
  ).join('');
const PIECES = Math.ceil(100_000_000 / piece(0).length);

/** How long anything may take here, in ms. */
const PATIENCE_MS = 240_000;

interface Size {
  columns: number;
  rows: number;
  webgl: boolean;
}

/** What a flood came to: ms for all of it, and the longest ms without a frame. */
interface Flood {
  took: number;
  gap: number;
}

await withFolder(async (folder) => {
  writeFileSync(
    join(folder, 'text'),
    Array.from({ length: PIECES }, (_, index) => piece(index)).join(''),
  );
  writeFileSync(join(folder, 'flood.sh'), script(folder, `cat '${folder}/text'`));
  writeFileSync(
    join(folder, 'endless.sh'),
    script(folder, 'yes The quick brown fox jumps over the lazy dog'),
  );
  const ours: Flood[] = [];
  const bare: Flood[] = [];
  const interrupts: number[] = [];
  const quiets: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const { app, size } = await openTerminal(folder);
    try {
      ours.push(await watched(app, () => floodOurs(app, folder)));
      for (let turn = 0; turn < INTERRUPTS; turn++) {
        const { interrupted, quiet } = await interrupt(app, folder);
        interrupts.push(interrupted);
        quiets.push(quiet);
      }
    } finally {
      await app.close();
    }
    bare.push(await floodBare(folder, size));
  }
  const time = (floods: Flood[]): number => median(floods.map(({ took }) => took));
  const described = (floods: Flood[]): string =>
    `${floods.map(({ took }) => (took / 1000).toFixed(1)).join(', ')} s; ` +
    `longest without a frame ${Math.max(...floods.map(({ gap }) => gap)).toFixed(0)} ms`;
  console.log(`bare xterm.js           ${described(bare)}`);
  console.log(`terminal of the app     ${described(ours)}`);
  console.log(
    `Ctrl-C in a flood       program ended after ${worst(interrupts)}, screen still after ${worst(quiets)}`,
  );
  goal('speed / bare', time(bare) / time(ours), 'times', { atLeast: 0.8 });
});

function worst(values: number[]): string {
  return `${median(values).toFixed(0)} ms (at most ${Math.max(...values).toFixed(0)})`;
}

/**
 * Does something that prints, and then asks the terminal where its cursor is: it answers when it
 * has worked off everything before. Each moment becomes a file in `folder`, in ns.
 */
function script(folder: string, prints: string): string {
  const mark = (name: string): string =>
    `date +%s%N >'${folder}/${name}.new'; mv '${folder}/${name}.new' '${folder}/${name}'`;
  return `trap : INT
stty size >'${folder}/size'
${mark('began')}
${prints}
${mark('printed')}
stty -icanon -echo min 4
printf '\\033[6n'
dd bs=64 count=1 >'${folder}/answer' 2>&1
stty sane
${mark('seen')}
`;
}

async function openTerminal(folder: string): Promise<{ app: App; size: Size }> {
  const root = join(import.meta.dirname, '..');
  const app = await startApp(root, { MUSTER_HOME: join(folder, 'home') });
  await app.evaluate(until(`document.querySelector('main h1') !== null`));
  await app.key({ key: '`', code: 'Backquote', keyCode: 192, ctrl: true });
  await app.evaluate(until(`document.activeElement?.closest('.xterm') != null`));
  // The prompt, and WebGL where there is some.
  await delay(2_000);
  const webgl =
    (await app.evaluate(`document.querySelector('.xterm-screen canvas') !== null`)) === true;
  await begin(app, folder, ': ready; stty size >$DIR/size; date +%s%N >$DIR/seen');
  await moment(folder, 'seen');
  const [rows = 24, columns = 80] = readFileSync(join(folder, 'size'), 'utf8')
    .split(' ')
    .map(Number);
  return { app, size: { columns, rows, webgl } };
}

/** Gives the shell in the terminal a command, with the folder as `$DIR`. */
async function begin(app: App, folder: string, command: string): Promise<void> {
  for (const name of ['began', 'printed', 'seen']) rmSync(join(folder, name), { force: true });
  const line = JSON.stringify(`DIR='${folder}'; ${command}\r`);
  await app.evaluate(`window.muster.request('terminal.list').then(({ value }) =>
    window.muster.request('terminal.write', { terminal: value[0].terminal, data: ${line} }))`);
}

async function floodOurs(app: App, folder: string): Promise<number> {
  await begin(app, folder, 'sh $DIR/flood.sh');
  const began = await moment(folder, 'began');
  return (await moment(folder, 'seen')) - began;
}

async function interrupt(
  app: App,
  folder: string,
): Promise<{ interrupted: number; quiet: number }> {
  await begin(app, folder, 'sh $DIR/endless.sh');
  await moment(folder, 'began');
  await delay(1_500);
  const pressed = performance.timeOrigin + performance.now();
  await app.key({ key: 'c', code: 'KeyC', keyCode: 67, ctrl: true });
  const interrupted = (await moment(folder, 'printed')) - pressed;
  const quiet = (await moment(folder, 'seen')) - pressed;
  await delay(300);
  return { interrupted, quiet };
}

async function floodBare(folder: string, size: Size): Promise<Flood> {
  const app = await startApp(join(import.meta.dirname, 'bare-terminal'), {
    BENCH_HOME: join(folder, 'bare'),
  });
  try {
    await app.evaluate(until(`typeof globalThis.openLike === 'function'`));
    await app.evaluate(`openLike(${JSON.stringify(size)})`);
    // A pseudo-terminal ends lines this way.
    const lines = `(index) => (${piece})(index).replaceAll('\\n', '\\r\\n')`;
    await app.evaluate(`prepare(${lines}, ${PIECES})`);
    await delay(2_000);
    return await watched(app, async () => Number(await app.evaluate('flood()')));
  } finally {
    await app.close();
  }
}

/** Counts frames in the page while something goes on. */
async function watched(app: App, work: () => Promise<number>): Promise<Flood> {
  await app.evaluate(`void (() => {
    let last = performance.now();
    globalThis.longestGap = 0;
    const frame = () => {
      const now = performance.now();
      globalThis.longestGap = Math.max(globalThis.longestGap, now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })()`);
  const took = await work();
  return { took, gap: Number(await app.evaluate('globalThis.longestGap')) };
}

/** The moment that a script noted, in ms since the epoch. */
async function moment(folder: string, name: string): Promise<number> {
  const file = join(folder, name);
  const deadline = Date.now() + PATIENCE_MS;
  while (!existsSync(file)) {
    if (Date.now() > deadline) throw new Error(`The terminal never came to '${name}'.`);
    await delay(20);
  }
  return Number(BigInt(readFileSync(file, 'utf8').trim()) / 1_000n) / 1_000;
}

function until(condition: string): string {
  return `new Promise((resolve) => {
    const look = () => ((${condition}) ? resolve() : requestAnimationFrame(look));
    look();
  })`;
}
