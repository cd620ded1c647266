import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventBody, RunEvent } from '../run/events.ts';
import { createdOf, ended, phaseOf, runbookOf, started, stepOf, timeOf } from '../run/fixture.ts';
import { link, noHash, verifyChain } from './chain.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function ledgerOf(bodies: readonly EventBody[], run = 'run-1'): RunEvent[] {
  const events: RunEvent[] = [];
  for (const [index, body] of bodies.entries()) {
    const stamp = { run, time: timeOf(index + 1), mono: index * 10.5, session: 'session-1' };
    events.push(link(events.at(-1) ?? null, stamp, body, sha256));
  }
  return events;
}

const note = (text: string): EventBody => ({ kind: 'note.added', step: null, text, by: 'ann' });
const bodies: EventBody[] = [
  createdOf(runbookOf([phaseOf('Restore', [stepOf('load')])])),
  started('load', 1, 'ann'),
  ended('load', 1, 'succeeded', { proves: ['Database'] }),
  ...Array.from({ length: 9 }, (_, index) => note(`note ${index}`)),
];
const ledger = ledgerOf(bodies);

/** Every place in a JSON value where something could be changed, as a path of keys. */
function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, child]) => leaves(child, [...path, key]));
  return inside.length > 0 ? inside : [path];
}

function changed(event: RunEvent, path: readonly string[]): RunEvent {
  const copy = structuredClone(event);
  let here = copy as unknown as Record<string, unknown>;
  for (const key of path.slice(0, -1)) here = here[key] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  const old = here[last];
  here[last] =
    typeof old === 'number'
      ? old + 1
      : typeof old === 'string'
        ? `${old}x`
        : old === null
          ? 'x'
          : null;
  return copy;
}

describe('link', () => {
  it('counts from 1, names the event before and begins with zeros', () => {
    expect(ledger.map(({ seq }) => seq)).toEqual(ledger.map((_, index) => index + 1));
    expect(ledger[0]?.prev).toBe(noHash);
    expect(ledger[5]?.prev).toBe(ledger[4]?.hash);
  });

  it('hashes the canonical form without the hash', () => {
    const event = link(
      null,
      { run: 'r', time: timeOf(0), mono: 1, session: 's' },
      note('é'),
      sha256,
    );
    const text = `{"body":{"by":"ann","kind":"note.added","step":null,"text":"é"},"mono":1,"prev":"${noHash}","run":"r","seq":1,"session":"s","time":"2026-01-05T13:00:00.000Z"}`;
    expect(event.hash).toBe(sha256(text));
  });
});

describe('verifyChain', () => {
  it('accepts a whole ledger, also after a way through JSON', () => {
    const head = ledger.at(-1)?.hash;
    expect(verifyChain(ledger, sha256)).toEqual({ events: 12, head, bad: null });
    expect(verifyChain(JSON.parse(JSON.stringify(ledger)) as RunEvent[], sha256).bad).toBeNull();
    expect(verifyChain([], sha256)).toEqual({ events: 0, head: null, bad: null });
  });

  it('names the event of any single change', () => {
    for (const [index, event] of ledger.entries()) {
      for (const path of leaves(event)) {
        const forged = ledger.with(index, changed(event, path));
        expect(verifyChain(forged, sha256).bad?.seq, path.join('.')).toBe(index + 1);
      }
      const added = { ...event, extra: 1 } as RunEvent;
      expect(verifyChain(ledger.with(index, added), sha256).bad?.seq).toBe(index + 1);
    }
  });

  it('names the place of a gap, a doubling and an exchange', () => {
    fc.assert(
      fc.property(fc.nat(ledger.length - 2), fc.nat(ledger.length - 1), (at, other) => {
        const gone = verifyChain(ledger.toSpliced(at, 1), sha256);
        expect(gone).toMatchObject({ events: at, bad: { seq: at + 1 } });
        const twice = verifyChain(ledger.toSpliced(at, 0, ledger[at] as RunEvent), sha256);
        expect(twice).toMatchObject({ events: at + 1, bad: { seq: at + 2 } });
        if (other === at) return;
        const first = Math.min(at, other);
        const swapped = ledger
          .with(at, ledger[other] as RunEvent)
          .with(other, ledger[at] as RunEvent);
        expect(verifyChain(swapped, sha256)).toMatchObject({
          events: first,
          bad: { seq: first + 1 },
        });
      }),
    );
  });

  it('finds an event whose hash was made anew by the event after it', () => {
    const before = ledger[3] as RunEvent;
    const forged = link(before, ledger[4] as RunEvent, note('forged'), sha256);
    expect(verifyChain(ledger.with(4, forged), sha256).bad).toEqual({
      seq: 6,
      why: 'Event 6 does not follow event 5: it was written after another one.',
    });
  });

  it('finds an event of another run, even one that is well chained', () => {
    const stranger = link(
      ledger[3] as RunEvent,
      { ...(ledger[4] as RunEvent), run: 'run-2' },
      note('x'),
      sha256,
    );
    expect(verifyChain([...ledger.slice(0, 4), stranger], sha256).bad).toEqual({
      seq: 5,
      why: 'Event 5 belongs to another run, run-2.',
    });
  });

  it('cannot see a missing end, but shows where it stopped', () => {
    const cut = verifyChain(ledger.slice(0, 7), sha256);
    expect(cut).toEqual({ events: 7, head: ledger[6]?.hash, bad: null });
  });
});
