import { createHash } from 'node:crypto';
import type { EventBody, RunEvent } from '../../core/run/events.ts';
import type { Store } from '../open.ts';

const GENESIS = '0'.repeat(64);

/** The event after `previous`; hashed in a simple way of the test's own. */
export function next(run: string, previous: RunEvent | null, body: EventBody): RunEvent {
  const seq = (previous?.seq ?? 0) + 1;
  const prev = previous?.hash ?? GENESIS;
  const hash = createHash('sha256').update(`${run} ${seq} ${prev} ${JSON.stringify(body)}`);
  return {
    run,
    seq,
    time: '2026-03-01T03:00:00.000Z',
    mono: seq * 1.5,
    session: 's1',
    body,
    prev,
    hash: hash.digest('hex'),
  };
}

export function note(text: string): EventBody {
  return { kind: 'note.added', step: null, text, by: 'ada' };
}

/** `count` notes, one after the other. */
export function notes(run: string, count: number, after: RunEvent | null = null): RunEvent[] {
  const events: RunEvent[] = [];
  let previous = after;
  for (let i = 0; i < count; i++) {
    previous = next(run, previous, note(`note ${i}`));
    events.push(previous);
  }
  return events;
}

/** Records a run with its text, so that events and outputs can refer to it. */
export function addRun(to: Store, id: string, createdAt = '2026-03-01T03:00:00.000Z'): void {
  to.transaction(() => {
    to.runs.create({ id, sha256: 'f'.repeat(64), title: `Run ${id}`, path: null, createdAt });
    to.texts.keep('f'.repeat(64), '# Restore\n');
  });
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
