import type { EventBody, RunEvent } from '../run/events.ts';
import { canonical, canonicalWithout } from './canonical.ts';
import { isCanonical } from './is-canonical.ts';

/** SHA-256 of the UTF-8 form of a text, in lower-case hex. Given by the platform: core has none. */
export type Sha256 = (text: string) => string;

/** `prev` of a run's first event. */
export const noHash = '0'.repeat(64);

/** Where an event stands in time and in which run. */
export type Stamp = Pick<RunEvent, 'run' | 'time' | 'mono' | 'session'>;

/**
 * The next event of a ledger: `body`, tied to the event before it (null for the first) by that
 * one's hash. The event's own hash is the SHA-256 of its canonical form without `hash`.
 */
export function link(
  previous: Pick<RunEvent, 'seq' | 'hash'> | null,
  stamp: Stamp,
  body: EventBody,
  sha256: Sha256,
): RunEvent {
  const event = {
    run: stamp.run,
    seq: previous === null ? 1 : previous.seq + 1,
    time: stamp.time,
    mono: stamp.mono,
    session: stamp.session,
    body,
    prev: previous === null ? noHash : previous.hash,
  };
  return { ...event, hash: sha256(canonicalWithout(event, 'hash')) };
}

export interface ChainCheck {
  /** How many events fit, from the first up to the first bad one. */
  events: number;
  /** The hash of the last event that fits; null when there is none. */
  head: string | null;
  /** The first place in the ledger that does not fit, by its number there, and why. */
  bad: { seq: number; why: string } | null;
}

/**
 * An event as it lies in the store: its body is still JSON. Most are stored in canonical form, and
 * then the hash can be checked without reading what the body says.
 */
export type StoredEvent = Omit<RunEvent, 'body'> & { body: string };

/**
 * Recomputes a whole ledger, given in its order, in constant memory. It finds every change, gap,
 * doubling, reordering and foreign event. What no chain can show by itself: that events are missing
 * at its end, or that all of it from some event on was made anew. Signed heads show that, or a report
 * from the time of the run. `after`: the event before the first of `events`, when it is not the
 * first of its ledger.
 */
export function verifyChain(
  events: Iterable<RunEvent | StoredEvent>,
  sha256: Sha256,
  after: Pick<RunEvent, 'seq' | 'hash'> | null = null,
): ChainCheck {
  let count = after?.seq ?? 0;
  let head = after?.hash ?? null;
  let run: string | null = null;
  for (const event of events) {
    const expected = { seq: count + 1, prev: head ?? noHash, run: run ?? event.run };
    const why = misfit(event, expected, sha256);
    if (why !== null) return { events: count, head, bad: { seq: count + 1, why } };
    count += 1;
    head = event.hash;
    run = event.run;
  }
  return { events: count, head, bad: null };
}

function misfit(
  event: RunEvent | StoredEvent,
  expected: Pick<RunEvent, 'seq' | 'prev' | 'run'>,
  sha256: Sha256,
): string | null {
  const { seq } = expected;
  if (event.seq !== seq) {
    return event.seq > seq
      ? `Event ${seq} is missing: event ${event.seq} stands in its place.`
      : `Event ${event.seq} stands where event ${seq} belongs.`;
  }
  if (event.run !== expected.run) return `Event ${seq} belongs to another run, ${event.run}.`;
  const text = hashedText(event);
  if (text === null) return `Event ${seq} cannot be read.`;
  if (event.hash !== sha256(text)) {
    return `Event ${seq} was changed: its content does not match its hash.`;
  }
  if (event.prev !== expected.prev) {
    return seq === 1
      ? 'Event 1 does not begin a chain: it names an event before it.'
      : `Event ${seq} does not follow event ${seq - 1}: it was written after another one.`;
  }
  return null;
}

/** What the hash of an event is of; null when its body is no JSON. */
function hashedText(event: RunEvent | StoredEvent): string | null {
  if (typeof event.body !== 'string') return canonicalWithout(event, 'hash');
  const body = isCanonical(event.body) ? event.body : rewritten(event.body);
  if (body === null) return null;
  const { mono, prev, run, seq, session, time } = event;
  const rest = `"prev":${canonical(prev)},"run":${canonical(run)},"seq":${seq}`;
  const when = `"session":${canonical(session)},"time":${canonical(time)}`;
  return `{"body":${body},"mono":${mono},${rest},${when}}`;
}

function rewritten(json: string): string | null {
  try {
    return canonical(JSON.parse(json));
  } catch {
    return null;
  }
}
