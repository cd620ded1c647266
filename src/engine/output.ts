import { createHash } from 'node:crypto';
import { createRedactor } from '../core/ledger/redact.ts';
import type { KeptOutput, OutputRow, Store } from '../store/open.ts';
import type { OutputChunk } from './api.ts';
import type { Patiently } from './patience.ts';

export type Stream = OutputChunk['stream'];

/**
 * Takes what an attempt prints, removes secrets, keeps it in the store and passes it on. Every kept
 * chunk says how far into the raw stream it reaches, so that after a crash reading goes on at the
 * right byte.
 */
export interface OutputSink {
  /** Raw bytes of `stream` that the store has already consumed. */
  consumed(stream: Stream): number;
  /**
   * Takes raw pieces in order; all of them are kept in one transaction, at once unless the database
   * is locked. Never throws: whether they could be kept is learned from the other two.
   */
  take(pieces: readonly { stream: Stream; raw: Uint8Array }[]): void;
  /** Keeps a text that shows what was done, as a stretch of its own; where it lies, after redaction. */
  evidence(content: string): { at: number; bytes: number };
  /** True while what was taken waits to be kept. Throws when it cannot be kept. */
  isBehind(): boolean;
  /** No more is coming: lets go of what was held back and resolves to what was kept in all. */
  finish(): Promise<{ bytes: number; sha256: string }>;
}

/** How much of the kept output is read at once, in bytes. */
const READ_BACK = 1024 * 1024;
/** Output that cannot be kept yet waits in memory up to this, in bytes; then it is given up. */
const MOST_WAITING = 64 * 1024 * 1024;
/** The most of an attempt's output that captures look at, from its end, in bytes. */
const CAPTURE_WINDOW = 4 * 1024 * 1024;

export function createSink(options: {
  store: Store;
  run: string;
  step: string;
  attempt: number;
  /** All secrets known by now; another list once there are more. */
  secrets(): readonly string[];
  publish(chunk: OutputChunk): void;
  patiently: Patiently;
  /** Aborted when Muster lets go of the run: what is not kept by then is read again later. */
  release: AbortSignal;
}): OutputSink {
  const { store, run, step, attempt } = options;
  const size = store.outputs.size(run, step, attempt);
  let at = size.kept;
  const hash = createHash('sha256');
  for (const chunk of keptOutput(store, run, step, attempt)) hash.update(chunk.bytes);
  const streams = new Map<Stream, StreamState>();
  const stateOf = (stream: Stream): StreamState => {
    let state = streams.get(stream);
    if (!state) {
      const consumed = size.source[stream] ?? 0;
      state = {
        secrets: options.secrets(),
        redactor: createRedactor(options.secrets()),
        decoder: new TextDecoder(),
        taken: consumed,
      };
      streams.set(stream, state);
    }
    return state;
  };
  const waiting: { row: OutputRow; text: string }[] = [];
  let waitingBytes = 0;
  const tooMuch = new AbortController();
  const until = AbortSignal.any([options.release, tooMuch.signal]);
  let keeping: Promise<void> | null = null;
  let failure: { error: unknown } | null = null;

  const prepare = ({ stream, raw }: { stream: Stream; raw: Uint8Array | null }): void => {
    const state = stateOf(stream);
    const secrets = options.secrets();
    if (secrets !== state.secrets) {
      // A secret that became known meanwhile is removed from here on.
      state.secrets = secrets;
      if (state.redactor.held > 0) prepare({ stream, raw: null });
      state.redactor = createRedactor(secrets);
    }
    const held = state.redactor.held;
    const bytes = raw ? state.redactor.push(raw) : state.redactor.flush();
    const source = held + (raw?.length ?? 0) - state.redactor.held;
    state.taken += raw?.length ?? 0;
    if (bytes.length === 0 && source === 0) return;
    const row = { run, step, attempt, stream, at, bytes, source };
    waiting.push({ row, text: state.decoder.decode(bytes, { stream: true }) });
    waitingBytes += bytes.length;
    at += bytes.length;
  };

  const keepWaiting = (): void => {
    store.transaction(() => {
      for (const { row } of waiting) store.outputs.append(row);
    });
    waitingBytes = 0;
    for (const { row, text } of waiting.splice(0)) {
      hash.update(row.bytes);
      const { source: _, bytes, ...place } = row;
      if (bytes.length > 0) options.publish({ ...place, bytes: bytes.length, text });
    }
  };

  const keepAll = async (): Promise<void> => {
    try {
      while (waiting.length > 0) await options.patiently(keepWaiting, until);
    } catch (error) {
      failure = { error };
    }
    keeping = null;
  };

  const take = (pieces: readonly { stream: Stream; raw: Uint8Array | null }[]): void => {
    if (failure !== null) return;
    for (const piece of pieces) prepare(piece);
    if (waitingBytes > MOST_WAITING) tooMuch.abort();
    if (waiting.length > 0) keeping ??= keepAll();
  };

  const throwFailure = (): void => {
    if (failure !== null) throw failure.error;
  };

  return {
    consumed: (stream) => stateOf(stream).taken,
    take,
    evidence(content) {
      const from = at;
      take([
        { stream: 'evidence', raw: Buffer.from(content) },
        { stream: 'evidence', raw: null },
      ]);
      return { at: from, bytes: at - from };
    },
    isBehind() {
      throwFailure();
      return waiting.length > 0;
    },
    async finish() {
      const holding = [...streams].filter(([, state]) => state.redactor.held > 0);
      take(holding.map(([stream]) => ({ stream, raw: null })));
      while (keeping !== null) await keeping;
      throwFailure();
      return { bytes: at, sha256: hash.digest('hex') };
    },
  };
}

/** All that is kept of an attempt's output from byte `from` on, a piece at a time. */
export function* keptOutput(
  store: Store,
  run: string,
  step: string,
  attempt: number,
  from = 0,
): Generator<KeptOutput> {
  for (let at = from; ; ) {
    const chunks = store.outputs.read(run, step, attempt, at, READ_BACK);
    if (chunks.length === 0) return;
    for (const chunk of chunks) {
      yield chunk;
      at = chunk.at + chunk.bytes.length;
    }
  }
}

/** The text of an evidence, as it was kept. */
export function readEvidence(
  store: Store,
  of: { run: string; step: string; attempt: number },
  place: { at: number; bytes: number },
): string {
  const pieces: Uint8Array[] = [];
  for (const chunk of keptOutput(store, of.run, of.step, of.attempt, place.at)) {
    if (chunk.at >= place.at + place.bytes) break;
    if (chunk.stream === 'evidence') pieces.push(chunk.bytes);
  }
  return Buffer.concat(pieces).subarray(0, place.bytes).toString('utf8');
}

/** What is kept of one stream of an attempt, as text; of a long one the last `CAPTURE_WINDOW` bytes. */
export function readKept(
  store: Store,
  of: { run: string; step: string; attempt: number; stream: Stream },
): string {
  const { run, step, attempt } = of;
  const { kept } = store.outputs.size(run, step, attempt);
  const pieces: Uint8Array[] = [];
  for (const chunk of keptOutput(store, run, step, attempt, Math.max(0, kept - CAPTURE_WINDOW))) {
    if (chunk.stream === of.stream) pieces.push(chunk.bytes);
  }
  return Buffer.concat(pieces).toString('utf8');
}

interface StreamState {
  secrets: readonly string[];
  redactor: ReturnType<typeof createRedactor>;
  decoder: TextDecoder;
  taken: number;
}
