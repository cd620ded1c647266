import './sources.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../src/core/run/events.ts';
import { fold } from '../src/core/run/reduce.ts';
import { ledger, sha256 } from './ledgers.ts';
import { goal, median } from './measure.ts';

/**
 * Opening a run with 100,000 events: reading its ledger and folding it, as the window's reader and
 * the command line do. Goal: under 300 ms. Beside it what the parts of it cost alone.
 */
const { openStore } = await import('../src/store/open.ts');
const { readRun } = await import('../src/engine/read-run.ts');

const EVENTS = 100_000;
const STEPS = 100;
const TURNS = 5;

const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
const store = openStore(folder);

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

try {
  const text = '# A long run\n';
  store.texts.keep(sha256(text), text);
  store.runs.create({
    id: 'long',
    sha256: sha256(text),
    title: 'A long run',
    path: null,
    createdAt: new Date().toISOString(),
  });
  store.events.append([...ledger('long', EVENTS, STEPS)]);
  const [open, stored, read, folded]: number[][] = [[], [], [], []];
  for (let turn = 0; turn < TURNS; turn++) {
    let events: RunEvent[] = [];
    open?.push(timed(() => readRun(store, 'long')));
    stored?.push(timed(() => [...store.events.stored('long')]));
    read?.push(
      timed(() => {
        events = store.events.read('long');
      }),
    );
    folded?.push(timed(() => fold(events)));
  }
  console.log(`rows alone       ${median(stored ?? []).toFixed(0)} ms`);
  console.log(`read and parsed  ${median(read ?? []).toFixed(0)} ms`);
  console.log(`folded           ${median(folded ?? []).toFixed(0)} ms`);
  goal('open 100,000 events', median(open ?? []), 'ms', { atMost: 300 });
} finally {
  store.close();
  rmSync(folder, { recursive: true, force: true });
}
