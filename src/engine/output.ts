import { createHash } from 'node:crypto';
import { createRedactor, type Redactor } from '../core/ledger/redact.ts';
import { formsOf } from '../core/ledger/secret-forms.ts';
import type { ActResult } from '../core/run/events.ts';
import type { KeptOutput, Store } from '../store/open.ts';
import type { OutputChunk } from './api.ts';
import { countLines } from './count-lines.ts';
import { type LeftOut, OutputEnd } from './output-end.ts';
import { type OutputLimits, readOutputLimits } from './output-limits.ts';

export type Stream = OutputChunk['stream'];

/** A place in a stream: what lies before it, in bytes and line ends. */
export interface Place {
  bytes: number;
  lines: number;
}

/**
 * Takes what an attempt prints, removes secrets, keeps its start and its end in the store and
 * passes all of it on. The start is written as it comes, and every chunk of it says how far into
 * the raw stream it reaches, so that after a crash reading goes on at the right byte. The end is
 * held in memory and written when no more is coming: the store only ever grows, so what may still
 * have to go is not put there.
 */
export interface OutputSink {
  readonly limits: OutputLimits;
  /** How far into the raw `stream` the store reaches. */
  consumed(stream: Stream): Place;
  /** Takes raw pieces in order; what is to be kept of them is kept in one transaction. */
  take(pieces: readonly { stream: Stream; raw: Uint8Array }[]): void;
  /** Raw bytes of `stream` that nobody could read come next. */
  leaveOut(stream: Stream, missed: LeftOut): void;
  /** No more is coming: keeps what was held back and returns what was kept in all. */
  finish(): ActResult['output'];
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
  const limits = readOutputLimits(store);
  const size = store.outputs.size(run, step, attempt);
  /** Known from before: its end was kept already, and nothing more belongs to it. */
  const gap = store.outputs.leftOut(run, step, attempt);
  let kept = size.kept;
  let isStart = gap === null && kept < limits.startBytes;
  const end = new OutputEnd(limits.endBytes);
  const hash = createHash('sha256');
  const streams = new Map<Stream, StreamState>();
  const stateOf = (stream: Stream): StreamState => {
    let state = streams.get(stream);
    if (!state) {
      state = {
        redactor: createRedactor(options.secrets),
        decoder: new TextDecoder(),
        // A redactor that begins anew on the first of these bytes lets no secret through.
        lead: 0,
        taken: size.source[stream],
        stored: size.source[stream],
        lines: 0,
      };
      streams.set(stream, state);
    }
    return state;
  };
  for (const { stream, bytes } of keptOutput(store, run, step, attempt)) {
    hash.update(bytes);
    stateOf(stream).lines += countLines(bytes);
  }
  /** Bytes that came out of the redactors, and those that nobody read. */
  let passed = kept + (gap?.bytes ?? 0);

  const keep = (stream: Stream, bytes: Uint8Array, source: number): void => {
    if (bytes.length === 0 && source === 0) return;
    store.outputs.append({ run, step, attempt, stream, at: kept, bytes, source });
    hash.update(bytes);
    kept += bytes.length;
    stateOf(stream).stored += source;
    isStart &&= kept < limits.startBytes;
  };
  const pass = (stream: Stream, state: StreamState, bytes: Uint8Array): OutputChunk[] => {
    if (bytes.length === 0) return [];
    const text = state.decoder.decode(bytes, { stream: true });
    const chunk = { run, step, attempt, stream, at: passed, bytes: bytes.length, text };
    passed += bytes.length;
    return [chunk];
  };
  /** What left the redactor: to the start while there is room, else to the end. */
  const settle = (stream: Stream, state: StreamState, safe: Uint8Array): OutputChunk[] => {
    if (isStart) {
      keep(stream, safe, state.taken - state.redactor.held - state.stored);
      return pass(stream, state, safe);
    }
    // After bytes that nobody read: they may have held the beginning of a secret that ends here.
    const lead = Math.min(state.lead, safe.length);
    if (lead > 0) {
      state.lead -= lead;
      const lines = countLines(safe.subarray(0, lead));
      end.breakOff({ bytes: lead, lines });
      passed += lead;
    }
    const rest = safe.subarray(lead);
    if (rest.length > 0) end.add(stream, rest);
    return pass(stream, state, rest);
  };
  const takeOne = (stream: Stream, raw: Uint8Array): OutputChunk[] => {
    const state = stateOf(stream);
    const chunks: OutputChunk[] = [];
    for (let at = 0; at < raw.length; ) {
      const piece = raw.subarray(at, isStart ? at + limits.startBytes - kept : raw.length);
      at += piece.length;
      state.taken += piece.length;
      chunks.push(...settle(stream, state, state.redactor.push(piece)));
    }
    return chunks;
  };

  return {
    limits,
    consumed(stream) {
      const { taken, lines } = stateOf(stream);
      return { bytes: taken, lines };
    },
    take(pieces) {
      if (gap) return;
      const work = () => pieces.flatMap(({ stream, raw }) => takeOne(stream, raw));
      for (const chunk of isStart ? store.transaction(work) : work()) options.publish(chunk);
    },
    leaveOut(stream, missed) {
      if (gap) return;
      const state = stateOf(stream);
      const { held } = state.redactor;
      isStart = false;
      state.taken += missed.bytes;
      end.breakOff({ bytes: missed.bytes + held, lines: missed.lines });
      passed += missed.bytes + held;
      state.redactor = createRedactor(options.secrets);
      state.decoder = new TextDecoder();
      state.lead = leadOf(options.secrets);
    },
    finish() {
      const chunks = store.transaction(() => {
        const last = [...streams].flatMap(([stream, state]) =>
          settle(stream, state, state.redactor.flush()),
        );
        const at = kept;
        const pieces = end.take();
        for (const { stream, bytes } of pieces) keep(stream, bytes, 0);
        // What was held back, left out or kept at the end is used up now.
        for (const [stream, { taken, stored }] of streams) keep(stream, nothing, taken - stored);
        if (end.leftOut.bytes > 0) {
          store.outputs.leaveOut(run, step, attempt, { at, ...end.leftOut });
        }
        return last;
      });
      for (const chunk of chunks) options.publish(chunk);
      const leftOut = store.outputs.leftOut(run, step, attempt);
      return { bytes: kept, sha256: hash.digest('hex'), ...(leftOut && { leftOut }) };
    },
  };
}

const nothing = new Uint8Array(0);

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

/** What is kept of one stream of an attempt, as text; of a long one the last `CAPTURE_WINDOW` bytes. */
export function readKept(
  store: Store,
  of: { run: string; step: string; attempt: number; stream: Stream },
): string {
  const { run, step, attempt } = of;
  const { kept } = store.outputs.size(run, step, attempt);
  const gap = store.outputs.leftOut(run, step, attempt);
  const from = Math.max(kept - CAPTURE_WINDOW, gap?.at ?? 0, 0);
  const pieces: Uint8Array[] = [];
  for (const chunk of keptOutput(store, run, step, attempt, from)) {
    if (chunk.stream === of.stream) pieces.push(chunk.bytes);
  }
  return Buffer.concat(pieces).toString('utf8');
}

interface StreamState {
  redactor: Redactor;
  decoder: TextDecoder;
  /** Bytes to let go after a gap, before secrets are sure to be found again. */
  lead: number;
  /** Raw bytes read, and those that the store knows of. */
  taken: number;
  stored: number;
  /** Line ends in what the store had of it at first. */
  lines: number;
}

/**
 * A secret that began before a gap may end in the first so many bytes after it. A redactor holds
 * back less than twice the longest form, so with three times of it none of the rest comes through.
 */
function leadOf(secrets: readonly string[]): number {
  const forms = secrets.flatMap(formsOf).map((form) => form.length);
  return 3 * Math.max(0, ...forms);
}
