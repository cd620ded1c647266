import './sources.ts';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { canonicalWithout } from '../src/core/ledger/canonical.ts';
import { link } from '../src/core/ledger/chain.ts';
import type { RunEvent } from '../src/core/run/events.ts';
import { bodyOf, ledger, sha256 } from './ledgers.ts';
import { goal, median } from './measure.ts';

/**
 * The ledger against what it stands on. Appending, with its hash and its triggers, against bare
 * better-sqlite3 that writes the same rows to the same disk: goal at least 0.7 times its rate, an
 * event a commit, as before each effect of a step. `verify` against plain SHA-256 of the same bytes,
 * a digest for each event as a chain has them: goal at least 0.3 times. In turns, medians.
 */
const { openStore } = await import('../src/store/open.ts');
const { verifyRun } = await import('../src/engine/record.ts');

const COMMITS = 1_500;
const BATCHES = 40;
const IN_BATCH = 500;
const EVENTS = 1_000_000;
const TURNS = 5;

const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

const store = openStore(join(folder, 'home'));
const text = '# A long run\n';
store.texts.keep(sha256(text), text);
const addRun = (id: string): void =>
  store.runs.create({
    id,
    sha256: sha256(text),
    title: 'A long run',
    path: null,
    createdAt: new Date().toISOString(),
  });

const bare = new Database(join(folder, 'bare.db'));
bare.pragma('journal_mode = WAL');
bare.pragma('synchronous = FULL');
bare.exec(
  'CREATE TABLE events (run TEXT, seq INTEGER, time TEXT, mono REAL, session TEXT, body TEXT, prev TEXT, hash TEXT, PRIMARY KEY (run, seq)) STRICT',
);
const insert = bare.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)');

let runs = 0;
/** Appends as the engine does, from the body on; ms. */
function ours(batches: number, size: number): number {
  runs += 1;
  const run = `run-${runs}`;
  addRun(run);
  let previous: RunEvent | null = null;
  let index = 0;
  return timed(() => {
    for (let batch = 0; batch < batches; batch++) {
      const events: RunEvent[] = [];
      for (let one = 0; one < size; one++) {
        const stamp = {
          run,
          time: new Date().toISOString(),
          mono: performance.now(),
          session: 'b3nchb3nch00',
        };
        previous = link(previous, stamp, bodyOf(index, 100), sha256);
        events.push(previous);
        index += 1;
      }
      store.events.append(events);
    }
  });
}

/** The same rows with nothing but SQLite; ms. */
function theirs(batches: number, size: number): number {
  runs += 1;
  const run = `run-${runs}`;
  let index = 0;
  const write = bare.transaction(() => {
    for (let one = 0; one < size; one++) {
      const body = JSON.stringify(bodyOf(index, 100));
      index += 1;
      const time = new Date().toISOString();
      const zeros = '0'.repeat(64);
      insert.run(run, index, time, performance.now(), 'b3nchb3nch00', body, zeros, zeros);
    }
  });
  return timed(() => {
    for (let batch = 0; batch < batches; batch++) write.immediate();
  });
}

function compare(batches: number, size: number): { ratio: number; rate: number } {
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const bareMs = theirs(batches, size);
    const oursMs = ours(batches, size);
    ratios.push(bareMs / oursMs);
    rates.push((batches * size) / (oursMs / 1000));
  }
  return { ratio: median(ratios), rate: median(rates) };
}

try {
  const single = compare(COMMITS, 1);
  console.log(`append, an event a commit      ${single.rate.toFixed(0)} events/s`);
  const batched = compare(BATCHES, IN_BATCH);
  console.log(`append, ${IN_BATCH} events a commit   ${batched.rate.toFixed(0)} events/s`);
  console.log(`in batches / bare better-sqlite3: ${batched.ratio.toFixed(2)} (no goal)`);
  goal('append / bare better-sqlite3', single.ratio, 'times', { atLeast: 0.7 });

  addRun('long');
  let page: RunEvent[] = [];
  for (const event of ledger('long', EVENTS, 100)) {
    page.push(event);
    if (page.length < 20_000) continue;
    store.events.append(page);
    page = [];
  }
  store.events.append(page);

  const ratios: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    // The bytes are made a page at a time and the time of that is not counted.
    let each = 0;
    let stream = 0;
    const whole = createHash('sha256');
    let texts: string[] = [];
    const hashTexts = (): void => {
      each += timed(() => {
        for (const one of texts) sha256(one);
      });
      stream += timed(() => {
        for (const one of texts) whole.update(one);
      });
      texts = [];
    };
    for (const event of ledger('long', EVENTS, 100)) {
      texts.push(canonicalWithout(event, 'hash'));
      if (texts.length === 10_000) hashTexts();
    }
    hashTexts();
    let events = 0;
    const verify = timed(() => {
      const check = verifyRun(store, 'long');
      if (check.bad) throw new Error(check.bad.why);
      events = check.events;
    });
    console.log(
      `verify ${events} events ${verify.toFixed(0)} ms; plain SHA-256: a digest each ${each.toFixed(0)} ms, in one stream ${stream.toFixed(0)} ms`,
    );
    ratios.push(each / verify);
  }
  goal('verify / plain SHA-256', median(ratios), 'times', { atLeast: 0.3 });
} finally {
  bare.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
}
