import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { FOLD_FORM, joinState, snapshotText, splitState } from '../core/ledger/snapshot.ts';
import { fold } from '../core/run/reduce.ts';
import type { Attempt, RunState } from '../core/run/state.ts';
import type { SnapshotRow, Store } from '../store/open.ts';
import { isSignedBy, readPublicKey, type SigningKey } from './keys/signing-key.ts';

/** The state of a run from its events, by way of its snapshot where a sound one is kept. */

/** So many events fold faster than anybody looks. */
const FEW_EVENTS = 2_000;

/** Null for a run without events. Throws `store-damaged` for one that cannot be read. */
export function stateOf(store: Store, run: string): RunState | null {
  const row = soundSnapshot(store, run);
  if (row === null) return fold(store.events.iterate(run));
  const state = joinState({ glance: glanceIn(row), earlier: earlierIn(row) });
  return fold(store.events.iterate(run, row.seq), state);
}

/** What there is to see of a run; `isWhole` where nothing of its state is left out. */
export interface Glance {
  state: RunState;
  isWhole: boolean;
}

/** Soon, however long the run is. */
export function glanceOf(store: Store, run: string): Glance | null {
  const row = soundSnapshot(store, run);
  if (row !== null && store.events.head(run)?.seq === row.seq) {
    return { state: glanceIn(row), isWhole: row.attempts.length === 0 };
  }
  const state = stateOf(store, run);
  return state && glanceAt(state);
}

/** The same of a state that is at hand. */
export function glanceAt(state: RunState): Glance {
  const { glance, earlier } = splitState(state);
  return { state: glance, isWhole: earlier === null };
}

/**
 * Keeps a snapshot when much was recorded since the last one. A long run is folded anew only after
 * it has grown by a quarter, so that all its snapshots together cost no more than a few of them.
 */
export function keepSnapshot(store: Store, run: string, key: SigningKey): void {
  const head = store.events.head(run);
  const upTo = store.snapshots.upTo(run);
  if (!head || head.seq - upTo < FEW_EVENTS) return;
  const state = stateOf(store, run);
  if (!state || (state.ended === null && head.seq - upTo < upTo / 4)) return;
  const { glance, earlier } = splitState(state);
  const parts = {
    seq: state.lastSeq,
    hash: state.lastHash,
    form: FOLD_FORM,
    glance: packed(glance),
    attempts: earlier === null ? new Uint8Array() : packed(earlier),
  };
  store.snapshots.keep(run, { ...parts, signature: key.sign(signedOf(run, parts)) });
}

/** The snapshot, when it was signed here, by this fold, for an event that the run still has. */
function soundSnapshot(store: Store, run: string): SnapshotRow | null {
  const row = store.snapshots.of(run);
  if (row === null || row.form !== FOLD_FORM) return null;
  const own = readPublicKey(store.home);
  if (!own || !isSignedBy(own.key, row.signature, signedOf(run, row))) return null;
  return store.events.hashOf(run, row.seq) === row.hash ? row : null;
}

function signedOf(run: string, row: Omit<SnapshotRow, 'signature'>): string {
  const { seq, hash: last, form } = row;
  const [glance, attempts] = [sha256(row.glance), sha256(row.attempts)];
  return snapshotText({ run, seq, hash: last, form, glance, attempts });
}

// What this key signed was made by the same fold, so it has the fold's types.
function glanceIn({ glance }: SnapshotRow): RunState {
  return JSON.parse(unpacked(glance)) as RunState;
}

function earlierIn({ attempts }: SnapshotRow): Attempt[][] | null {
  return attempts.length === 0 ? null : (JSON.parse(unpacked(attempts)) as Attempt[][]);
}

function packed(value: unknown): Uint8Array {
  return deflateRawSync(JSON.stringify(value), { level: 1 });
}

function unpacked(bytes: Uint8Array): string {
  return inflateRawSync(bytes).toString('utf8');
}

function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
