import { createHash } from 'node:crypto';
import { createRedactor } from '../core/ledger/redact.ts';
import type { KeptOutput, Store } from '../store/open.ts';
import type { OutputChunk } from './api.ts';

export type Stream = OutputChunk['stream'];

/**
 * Takes what an attempt prints, removes secrets, keeps it in the store and passes it on. Every kept
 * chunk says how far into the raw stream it reaches, so that after a crash reading goes on at the
 * right byte.
 */
export interface OutputSink {
  /** Raw bytes of `stream` that the store has already consumed. */
  consumed(stream: Stream): number;
  /** Takes raw pieces in order; all of them are kept in one transaction. */
  take(pieces: readonly { stream: Stream; raw: Uint8Array }[]): void;
  /** Keeps a text that shows what was done, as its own stretch; where it lies, after redaction. */
  evidence(content: string): { at: number; bytes: number };
  /** No more is coming: lets go of what was held back and returns what was kept in all. */
  finish(): { bytes: number; sha256: string };
}

/** How much of the kept output is read at once, in bytes. */
const READ_BACK = 1024 * 1024;
/** The most of an attempt's output that captures look at, from its end, in bytes. */
const CAPTURE_WINDOW = 4 * 1024 * 1024;

export function createSink(options: {
  store: Store;
  run: string;
  step: string;
  attempt: number;
  secrets: readonly string[];
  publish(chunk: OutputChunk): void;
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
        redactor: createRedactor(options.secrets),
        decoder: new TextDecoder(),
        taken: consumed,
      };
      streams.set(stream, state);
    }
    return state;
  };
  const keep = (
    stream: Stream,
    state: StreamState,
    bytes: Uint8Array,
    source: number,
  ): OutputChunk | null => {
    if (bytes.length === 0 && source === 0) return null;
    store.outputs.append({ run, step, attempt, stream, at, bytes, source });
    hash.update(bytes);
    const text = state.decoder.decode(bytes, { stream: true });
    const chunk = { run, step, attempt, stream, at, bytes: bytes.length, text };
    at += bytes.length;
    return bytes.length > 0 ? chunk : null;
  };
  const keepAll = (pieces: readonly { stream: Stream; raw: Uint8Array | null }[]): void => {
    const chunks = store.transaction(() =>
      pieces.map(({ stream, raw }) => {
        const state = stateOf(stream);
        const held = state.redactor.held;
        const safe = raw ? state.redactor.push(raw) : state.redactor.flush();
        const source = held + (raw?.length ?? 0) - state.redactor.held;
        state.taken += raw?.length ?? 0;
        return keep(stream, state, safe, source);
      }),
    );
    for (const chunk of chunks) if (chunk) options.publish(chunk);
  };
  return {
    consumed: (stream) => stateOf(stream).taken,
    take: keepAll,
    evidence(content) {
      const raw = Buffer.from(content);
      const from = at;
      keepAll([
        { stream: 'evidence', raw },
        { stream: 'evidence', raw: null },
      ]);
      return { at: from, bytes: at - from };
    },
    finish() {
      const holding = [...streams].filter(([, state]) => state.redactor.held > 0);
      if (holding.length > 0) keepAll(holding.map(([stream]) => ({ stream, raw: null })));
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
  redactor: ReturnType<typeof createRedactor>;
  decoder: TextDecoder;
  taken: number;
}
