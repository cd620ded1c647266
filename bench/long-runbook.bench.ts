import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOW, startApp, withFolder } from './electron.ts';
import { goal, median } from './measure.ts';

/**
 * A runbook of 2,000 steps in the real window: how soon it stands there, and the longest pause
 * between two frames while it is scrolled through.
 */
const STEPS = 2_000;
const ROUNDS = 5;
const PIXELS_A_FRAME = 240;
const SCROLL_MS = 3_000;

const root = join(import.meta.dirname, '..');
const TITLE = 'Two thousand steps';

function write(folder: string): string {
  mkdirSync(folder);
  const steps = Array.from(
    { length: STEPS },
    (_, step) =>
      `### Step ${step + 1}\n\nLook at *the service*, then go on with \`step ${step + 2}\`.\n\n` +
      `\`\`\`sh {id=step-${step} timeout=10s}\nkubectl get pods -n orders | grep -v Running\necho ${step}\n\`\`\`\n\n` +
      `- [ ] Nothing is pending\n`,
  );
  const path = join(folder, 'long.md');
  writeFileSync(path, `---\nrunbook: 1\n---\n# ${TITLE}\n\n## All\n\n${steps.join('\n')}`);
  return path;
}

const until = (condition: string): string => `new Promise((resolve) => {
  const look = () => (${condition}) ? requestAnimationFrame(() => resolve(${NOW})) : requestAnimationFrame(look);
  look();
})`;

const ROW = `[...document.querySelectorAll('main li button')].find((one) => one.innerText.includes(${JSON.stringify(TITLE)}))`;
const TEXT = `document.querySelector('main section[aria-label="Text of the runbook"]')`;

/** The longest pause between two frames, in ms. */
const pauses = (pixels: number): string => `new Promise((resolve) => {
  const text = ${TEXT};
  let last = performance.now();
  const began = last;
  let longest = 0;
  const frame = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    text.scrollBy({ top: ${pixels} });
    if (now - began < ${SCROLL_MS}) requestAnimationFrame(frame);
    else resolve(longest);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(frame); });
})`;

await withFolder(async (folder) => {
  const runbooks = join(folder, 'runbooks');
  write(runbooks);
  const app = await startApp(root, { MUSTER_HOME: join(folder, 'home') });
  try {
    await app.evaluate(until(`document.querySelector('main h1') !== null`));
    const request = JSON.stringify({ path: runbooks });
    await app.evaluate(`window.muster.request('library.addDroppedFolder', ${request})`);
    await app.evaluate(until(`${ROW} !== undefined`));
    const began = Number(await app.evaluate(`(${ROW}.click(), ${NOW})`));
    const shown = Number(await app.evaluate(until(`${TEXT}?.innerText.includes('Step 3')`)));
    const still: number[] = [];
    const scrolled: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await app.evaluate(`${TEXT}.scrollTo({ top: 0 })`);
      still.push(Number(await app.evaluate(pauses(0))));
      scrolled.push(Number(await app.evaluate(pauses(PIXELS_A_FRAME))));
    }
    const listed = (values: number[]): string => values.map((ms) => ms.toFixed(0)).join(', ');
    console.log(`${STEPS} steps shown after     ${(shown - began).toFixed(0)} ms`);
    // What the machine itself leaves out, with nothing to draw.
    console.log(`longest pauses, standing  ${listed(still)} ms`);
    console.log(`longest pauses, scrolling ${listed(scrolled)} ms`);
    goal('pause while scrolling', median(scrolled), 'ms', { atMost: 50 });
  } finally {
    await app.close();
  }
});
