import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { isSamePerson } from '../../core/approval/names.ts';
import { link } from '../../core/ledger/chain.ts';
import { MusterError } from '../../core/problem.ts';
import type { BodyOf, RunEvent } from '../../core/run/events.ts';
import type { RunState } from '../../core/run/state.ts';
import type { Holder, Store } from '../../store/open.ts';
import { drivenElsewhere, runEnded, runUnknown } from '../failures.ts';
import { isAlive } from '../holder.ts';
import { keptOutput } from '../output.ts';
import { passphraseTooShort } from '../people/failures.ts';
import { readRun } from '../read-run.ts';
import { verifyRun } from '../record.ts';
import * as failures from './failures.ts';
import { type Manifest, manifestHash, manifestOf } from './manifest.ts';
import { writeRecord } from './records.ts';
import { writeSealed } from './sealed-file.ts';

/** The shortest passphrase of a bundle, in characters: the file may lie in a mailbox for years. */
export const leastPassphrase = 12;

export interface HandOver {
  run: string;
  to: string;
  reason: string;
  /** The bundle to write; it must not be there. */
  file: string;
  passphrase: string;
}

/**
 * Writes the run with all its evidence to an encrypted file and records that it was handed over;
 * from then on it is read-only here. A run that was handed over to the same person already is
 * written again. Throws MusterError; unless its code is `bundle-not-finished`, nothing was recorded.
 */
export async function handOver(
  store: Store,
  { run, to, reason, file, passphrase }: HandOver,
  as: { operator: string; holder: Holder; session: string; version: string },
): Promise<void> {
  if (passphrase.trim().length < leastPassphrase) throw passphraseTooShort(leastPassphrase);
  const row = store.runs.get(run);
  if (row === null) throw new MusterError(runUnknown(run));
  const lease = store.leases.take(run, as.holder, (holder) => isAlive(holder));
  if (!lease.taken) throw new MusterError(drivenElsewhere(run, lease.holder));
  try {
    const earlier = earlierHandOver(store, run);
    if (earlier !== null && !isSamePerson(earlier.body.to, to)) {
      throw failures.handedToAnother(earlier.body.to);
    }
    const words = earlier?.body ?? { to: to.trim(), reason: reason.trim(), by: as.operator };
    if (words.to === '' || words.reason === '') throw failures.nothingToWrite();
    refuseHandOver(readRun(store, run).state);
    const { bad } = verifyRun(store, run);
    if (bad !== null) throw failures.recordBroken(bad.why);

    const last = earlier === null ? Number.POSITIVE_INFINITY : earlier.seq - 1;
    const manifest = manifestOf(store, row, eventsUpTo(store, run, last), {
      to: words.to,
      reason: words.reason,
      by: words.by,
    });
    const event = earlier ?? handedOver(manifest, as.session);
    const content = contentOf(store, manifest, event, as.version);
    await writeSealed(file, passphrase, content, () => {
      if (earlier === null) record(store, event);
    });
  } finally {
    store.leases.release(run, as.holder);
  }
}

/** Throws where a run cannot be handed over; one that was already may be written again. */
export function refuseHandOver(state: RunState): void {
  if (state.ended !== null) throw new MusterError(runEnded(state.id));
  const running = state.steps.find(({ status }) => status === 'running');
  if (running) throw failures.stepRunning(running.title);
  if (state.created.range !== null) throw failures.onPracticeRange();
}

type HandedOver = RunEvent & { body: BodyOf<'run.handed-over'> };

/** The event by which the run left this machine, when it is the last one. */
function earlierHandOver(store: Store, run: string): HandedOver | null {
  const last = store.events.head(run);
  const event = last && store.events.read(run, last.seq - 1)[0];
  return event && isHandOver(event) ? event : null;
}

function isHandOver(event: RunEvent): event is HandedOver {
  return event.body.kind === 'run.handed-over';
}

function* eventsUpTo(store: Store, run: string, last: number): Generator<RunEvent> {
  for (const event of store.events.iterate(run)) {
    if (event.seq > last) return;
    yield event;
  }
}

function handedOver(manifest: Manifest, session: string): RunEvent {
  const { to, reason, by } = manifest;
  return link(
    { seq: manifest.events, hash: manifest.head },
    { run: manifest.run.id, time: new Date().toISOString(), mono: performance.now(), session },
    { kind: 'run.handed-over', to, bundle: manifestHash(manifest), reason, by },
    (text) => createHash('sha256').update(text).digest('hex'),
  );
}

/** The event, if nothing was recorded since the manifest was made. */
function record(store: Store, event: RunEvent): void {
  try {
    store.events.append([event]);
  } catch (error) {
    const isLate = error instanceof MusterError && error.problem.code === 'run-driven-elsewhere';
    throw isLate ? failures.changedMeanwhile() : error;
  }
}

function* contentOf(
  store: Store,
  manifest: Manifest,
  handedOver: RunEvent,
  version: string,
): Generator<Uint8Array> {
  const run = manifest.run.id;
  yield* writeRecord({ kind: 'sender', host: hostname(), version });
  yield* writeRecord({ kind: 'manifest', manifest });
  for (const sha256 of manifest.texts) {
    yield* writeRecord({ kind: 'text', sha256 }, Buffer.from(store.texts.read(sha256) ?? ''));
  }
  for (const { step, attempt } of manifest.outputs) {
    for (const { stream, at, bytes } of keptOutput(store, run, step, attempt)) {
      yield* writeRecord({ kind: 'output', step, attempt, stream, at }, bytes);
    }
  }
  for (const sha256 of manifest.attachments) {
    for (const piece of store.attachments.read(sha256)) {
      yield* writeRecord({ kind: 'attachment', sha256 }, piece);
    }
  }
  for (const event of eventsUpTo(store, run, manifest.events)) {
    yield* writeRecord({ kind: 'event', event });
  }
  yield* writeRecord({ kind: 'event', event: handedOver });
}
