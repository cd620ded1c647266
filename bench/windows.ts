import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, NOW, startApp } from './electron.ts';

/** The two windows that are compared: Muster's with 50 runbooks in its library, and an empty one. */
const RUNBOOKS = 50;
const ROW_PIXELS = 56;

const root = join(import.meta.dirname, '..');

export interface Windows {
  muster(): Promise<Shown>;
  empty(): Promise<Shown>;
}

export interface Shown {
  app: App;
  /** From the start of the process until a key was answered, in ms. */
  interactive: number;
}

/** Prepares both in `folder`: each is started once, and ours gets its runbooks as a person adds them. */
export async function prepareWindows(folder: string): Promise<Windows> {
  const home = join(folder, 'home');
  const runbooks = join(folder, 'runbooks');
  writeRunbooks(runbooks);
  const windows: Windows = {
    muster: async () => show(await startApp(root, { MUSTER_HOME: home }), LIBRARY),
    empty: async () =>
      show(
        await startApp(join(import.meta.dirname, 'empty-window'), {
          BENCH_HOME: join(folder, 'empty'),
        }),
        EMPTY,
      ),
  };
  const first = await startApp(root, { MUSTER_HOME: home });
  await first.evaluate(until('document.querySelector("main h1") !== null'));
  const request = JSON.stringify({ path: runbooks });
  await first.evaluate(`window.muster.request('library.addDroppedFolder', ${request})`);
  await first.evaluate(until(LIBRARY.shown));
  await first.close();
  await (await windows.empty()).app.close();
  return windows;
}

/** What stands on the page when it is there, and what a key changes, both as expressions. */
interface Signs {
  shown: string;
  /** Evaluated before the key is pressed. */
  listen: string;
  answered: string;
}

// The list draws only the rows in view; its height and its group's count are of all rows.
const LIBRARY: Signs = {
  shown: `document.querySelector('main ul')?.offsetHeight >= ${RUNBOOKS * ROW_PIXELS} &&
    document.querySelector('main ul').innerText.includes('Restore service')`,
  listen: 'undefined',
  answered: `document.activeElement?.closest('main li') !== null`,
};

const EMPTY: Signs = {
  shown: `document.title === 'Empty' && document.body !== null`,
  listen: `void addEventListener('keydown', () => { document.title = 'Answered' })`,
  answered: `document.title === 'Answered'`,
};

async function show(app: App, { shown, listen, answered }: Signs): Promise<Shown> {
  await app.evaluate(until(shown));
  await app.evaluate(listen);
  await app.key({ key: 'j', code: 'KeyJ', keyCode: 74, text: 'j' });
  const at = await app.evaluate(until(answered));
  return { app, interactive: Number(at) - app.began };
}

/** A promise of the time at which the frame was drawn in which `condition` held. */
function until(condition: string): string {
  return `new Promise((resolve) => {
    const look = () => requestAnimationFrame((${condition}) ? drawn : look);
    const drawn = () => requestAnimationFrame(() => resolve(${NOW}));
    look();
  })`;
}

function writeRunbooks(folder: string): void {
  mkdirSync(folder);
  for (let index = 0; index < RUNBOOKS; index++) {
    const steps = Array.from(
      { length: 12 },
      (_, step) =>
        `### Step ${step + 1}\n\nLook at the service, then go on.\n\n` +
        `\`\`\`sh {id=step-${step} timeout=10s}\necho ${step}\n\`\`\`\n`,
    );
    const file = join(folder, `service-${String(index).padStart(2, '0')}.md`);
    writeFileSync(
      file,
      `---\nrunbook: 1\nsystem: service-${index}\n---\n# Restore service ${index}\n\n` +
        `## Restore\n\n${steps.join('\n')}`,
    );
  }
}
