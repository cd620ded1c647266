import { MusterError } from '../core/problem.ts';
import type { Store } from '../store/open.ts';
import { runUnknown } from './failures.ts';
import { keptOutput } from './output.ts';

/**
 * All that a verifier needs of a run, as JSON lines: the events as they were hashed, what they
 * vouch for, and the signed heads. `docs/ledger.md` describes it. Throws MusterError.
 */
export function* exportLedger(store: Store, run: string): Generator<string> {
  const row = store.runs.get(run);
  if (!row) throw new MusterError(runUnknown(run));
  yield line('ledger', { format: 'muster-ledger', version: 1, run });
  const text = store.texts.read(row.sha256);
  if (text !== null) yield line('runbook', { sha256: row.sha256, text });
  for (const event of store.events.iterate(run)) {
    yield line('event', { event });
    if (event.body.kind === 'step.acted') {
      yield* outputLines(store, run, event.body.step, event.body.attempt);
    }
  }
  for (const head of store.heads.of(run)) yield line('head', { head });
}

function* outputLines(store: Store, run: string, step: string, attempt: number): Generator<string> {
  for (const { stream, at, bytes } of keptOutput(store, run, step, attempt)) {
    const data = Buffer.from(bytes).toString('base64');
    yield line('output', { step, attempt, stream, at, data });
  }
}

function line(kind: string, content: object): string {
  return `${JSON.stringify({ line: kind, ...content })}\n`;
}
