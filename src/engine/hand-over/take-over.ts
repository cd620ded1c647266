import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { link } from '../../core/ledger/chain.ts';
import type { BodyOf, RunEvent } from '../../core/run/events.ts';
import type { Store } from '../../store/open.ts';
import { isAlive } from '../holder.ts';
import { verifyRun } from '../record.ts';
import { Arrivals } from './arrivals.ts';
import * as failures from './failures.ts';
import { type Manifest, manifestHash } from './manifest.ts';
import { type BundleRecord, readRecords } from './records.ts';
import { openSealed } from './sealed-file.ts';

export interface TakenOver {
  run: string;
  title: string;
  from: { operator: string; host: string };
  to: string;
  reason: string;
  /** How many events the run has now, the take-over included. */
  events: number;
}

/**
 * Brings a run from a bundle into this store and records that it was taken over. All of it is
 * verified first: authentication, form, the hash chain from the first event to the hand-over, and
 * every text, output and attachment. In one transaction: a bundle that is refused leaves nothing.
 * `back`: the run was handed over from this very machine, and is taken back. Throws MusterError.
 */
export async function takeOver(
  store: Store,
  given: { file: string; passphrase: string; back: boolean },
  as: { operator: string; session: string },
): Promise<TakenOver> {
  const { file } = given;
  const sealed = await openSealed(file, given.passphrase);
  try {
    return store.transaction(() => {
      const records = readRecords(sealed.read(), file);
      const host = next(records, 'sender', file).host;
      const { manifest } = next(records, 'manifest', file);
      const run = manifest.run.id;
      refuseDriven(store, run);
      const arrivals = new Arrivals(store, manifest, file);
      for (const { record, bytes } of records) arrivals.take(record, bytes);
      const last = arrivals.finish();
      const handedOver = handOverIn(last, manifest, file);
      if (arrivals.added === 0 && !given.back) throw failures.ownHandOver(run, manifest.to);
      const check = verifyRun(store, run);
      if (check.bad) throw failures.bundleDamaged(file, check.bad.why);
      const from = { operator: handedOver.by, host };
      store.events.append([takenOver(last, from, as)]);
      const { to, reason } = manifest;
      return { run, title: manifest.run.title, from, to, reason, events: last.seq + 1 };
    });
  } finally {
    sealed.close();
  }
}

/** The next record, which has to be of this kind. */
function next<K extends BundleRecord['kind']>(
  records: Iterator<{ record: BundleRecord }>,
  kind: K,
  file: string,
): Extract<BundleRecord, { kind: K }> {
  const found = records.next();
  if (!found.done && isKind(found.value.record, kind)) return found.value.record;
  throw failures.bundleDamaged(file, `Its ${kind} is not where it belongs.`);
}

function isKind<K extends BundleRecord['kind']>(
  record: BundleRecord,
  kind: K,
): record is Extract<BundleRecord, { kind: K }> {
  return record.kind === kind;
}

function refuseDriven(store: Store, run: string): void {
  const holder = store.leases.of(run);
  if (holder !== null && isAlive(holder)) throw failures.runDriven(run);
}

/** The last event, which has to be the hand-over that this manifest describes. */
function handOverIn(last: RunEvent, manifest: Manifest, file: string): BodyOf<'run.handed-over'> {
  const { body } = last;
  if (
    body.kind === 'run.handed-over' &&
    body.bundle === manifestHash(manifest) &&
    last.seq === manifest.events + 1 &&
    last.prev === manifest.head
  ) {
    return body;
  }
  throw failures.bundleDamaged(file, 'Its record does not end with this hand-over.');
}

function takenOver(
  last: RunEvent,
  from: TakenOver['from'],
  as: { operator: string; session: string },
): RunEvent {
  return link(
    last,
    {
      run: last.run,
      time: new Date().toISOString(),
      mono: performance.now(),
      session: as.session,
    },
    { kind: 'run.taken-over', from, by: as.operator, host: hostname() },
    (text) => createHash('sha256').update(text).digest('hex'),
  );
}
