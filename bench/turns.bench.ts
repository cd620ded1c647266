import './sources.ts';
import type { EventBody } from '../src/core/run/events.ts';
import { goal } from './measure.ts';

/**
 * What the turns of a long run cost beside its steps: deciding what is next and folding what
 * happened, for 1,000 and 10,000 steps, one after the other and 50 side by side. Nothing is
 * started and nothing written. Goal: at most 0.5 ms a step also for
 * 10,000.
 */
const { agenda } = await import('../src/core/run/agenda.ts');
const { link } = await import('../src/core/ledger/chain.ts');
const { outlineOf } = await import('../src/core/run/outline.ts');
const { reduce } = await import('../src/core/run/reduce.ts');
const { parse } = await import('../src/core/runbook/parse.ts');
const { bodyOf, sha256 } = await import('./ledgers.ts');

function runbook(steps: number, wide: number): string {
  const fences = Array.from(
    { length: steps },
    (_, index) => `### Step ${index}\n\`\`\`sh {id=s${index} timeout=10s}\n:\n\`\`\`\n`,
  );
  const attributes = wide > 1 ? ` {parallel=${wide}}` : '';
  return `---\nrunbook: 1\n---\n# Steps\n\n## All${attributes}\n${fences.join('')}`;
}

/** Milliseconds of processor time for all turns of a run whose steps all succeed at once. */
function turns(steps: number, wide: number): number {
  const book = parse(runbook(steps, wide));
  const created = { ...bodyOf(0, 0), outline: outlineOf(book), mode: 'drill' } as EventBody;
  const stamp = { run: 'long', time: '2026-03-01T03:00:00.000Z', mono: 0, session: 's' };
  let state = reduce(null, link(null, stamp, created, sha256));
  const put = (body: EventBody): void => {
    if (!state) throw new Error('The run was not created');
    // The hash costs the same for every length of run; here it would only hide the rest.
    const { lastSeq: seq, lastHash: hash } = state;
    state = reduce(state, { ...stamp, seq: seq + 1, prev: hash, hash, body });
  };
  put({ kind: 'run.paced', auto: true, allow: 'destructive', by: 'ada' });
  const began = process.cpuUsage();
  const running: string[] = [];
  for (;;) {
    if (!state) throw new Error('The run was not created');
    const decisions = agenda(state, book);
    if (decisions[0]?.kind === 'finish') break;
    for (const next of decisions) {
      if (next.kind !== 'act') continue;
      put({ kind: 'step.started', step: next.step, attempt: 1, by: 'muster' });
      running.push(next.step);
    }
    const step = running.shift();
    if (step === undefined) throw new Error('Nothing runs and nothing is next');
    put({
      kind: 'step.ended',
      step,
      attempt: 1,
      outcome: 'succeeded',
      by: 'muster',
      answer: null,
      proves: [],
      recoveryPoint: null,
      problem: null,
    });
  }
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}

turns(1_000, 1);
for (const wide of [1, 50]) {
  const name = wide === 1 ? 'one after the other' : `${wide} side by side`;
  const short = turns(1_000, wide);
  const long = turns(10_000, wide);
  console.log(`1,000 steps, ${name}   ${short.toFixed(0)} ms`);
  console.log(`10,000 steps, ${name}  ${long.toFixed(0)} ms`);
  goal(`a step of 10,000, ${name}`, long / 10_000, 'ms', { atMost: 0.5 });
}
