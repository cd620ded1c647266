import { createHash } from 'node:crypto';
import { createRedactor, type Redactor } from '../core/ledger/redact.ts';
import { formsOf } from '../core/ledger/secret-forms.ts';
import type { ActResult, EvidencePlace } from '../core/run/events.ts';
import type { KeptOutput, OutputRow, Store } from '../store/open.ts';
import type { OutputChunk } from './api.ts';
import { countLines } from './count-lines.ts';
import { type LeftOut, OutputEnd } from './output-end.ts';
import { type OutputLimits, readOutputLimits } from './output-limits.ts';
import type { Patiently } from './patience.ts';

export type Stream = OutputChunk['stream'];

/** A place in a stream: what lies before it, in bytes and line ends. */
export interface Place {
  bytes: number;
  lines: number;
}

/** What came of an attempt in all: what was kept of its output, and what shows what it did. */
export interface Kept {
  output: ActResult['output'];
  evidence: EvidencePlace[];
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
  /**
   * Takes raw pieces in order; what is to be kept of them is kept in one transaction, at once unless
   * the database is locked. Never throws: whether it could be kept is learned from `isBehind` and
   * `finish`.
   */
  take(pieces: readonly { stream: Stream; raw: Uint8Array }[]): void;
  /** Raw bytes of `stream` that nobody could read come next. */
  leaveOut(stream: Stream, missed: LeftOut): void;
  /** Keeps a text that shows what was done, whole and behind the output; returns its number, from 0. */
  evidence(evidence: { name: string; mediaType: string; content: string }): number;
  /** True while what was taken waits to be kept. Throws when it cannot be kept. */
  isBehind(): boolean;
  /** No more is coming: keeps what was held back and resolves to what was kept in all. */
  finish(): Promise<Kept>;
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
  const limits = readOutputLimits(store);
  const size = store.outputs.size(run, step, attempt);
  /** Known from before: its end was kept already, and nothing more belongs to it. */
  const gap = store.outputs.leftOut(run, step, attempt);
  let kept = size.kept;
  let isStart = gap === null && kept < limits.startBytes;
  const end = new OutputEnd(limits.endBytes);
  const hash = createHash('sha256');
  const shown: { name: string; mediaType: string; content: string }[] = [];
  const queue = createQueue(options);
  const streams = new Map<Stream, StreamState>();
  const stateOf = (stream: Stream): StreamState => {
    let state = streams.get(stream);
    if (!state) {
      const secrets = options.secrets();
      state = {
        secrets,
        redactor: createRedactor(secrets),
        decoder: new TextDecoder(),
        ahead: '',
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
    const state = stateOf(stream);
    state.lines += countLines(bytes);
    state.redactor.prime(bytes);
  }
  /** Bytes that came out of the redactors, and those that nobody read. */
  let passed = kept + (gap?.bytes ?? 0);

  const keep = (stream: Stream, bytes: Uint8Array, source: number): void => {
    if (bytes.length === 0 && source === 0) return;
    queue.add({ run, step, attempt, stream, at: kept, bytes, source });
    hash.update(bytes);
    kept += bytes.length;
    stateOf(stream).stored += source;
    isStart &&= kept < limits.startBytes;
  };
  const pass = (stream: Stream, state: StreamState, bytes: Uint8Array): void => {
    const { ahead } = state.redactor;
    if (bytes.length === 0 && ahead === state.ahead) return;
    state.ahead = ahead;
    const text = state.decoder.decode(bytes, { stream: true });
    queue.tell({ run, step, attempt, stream, at: passed, bytes: bytes.length, text, ahead });
    passed += bytes.length;
  };
  /** What left the redactor: to the start while there is room, else to the end. */
  const settle = (stream: Stream, state: StreamState, safe: Uint8Array): void => {
    if (isStart) {
      keep(stream, safe, state.taken - state.redactor.held - state.stored);
      pass(stream, state, safe);
      return;
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
    pass(stream, state, rest);
  };
  const takeOne = (stream: Stream, raw: Uint8Array): void => {
    const state = stateOf(stream);
    // A line of one stream is not to be torn by the next of another, only because its last letter
    // may begin a secret.
    for (const [other, behind] of streams) {
      if (other !== stream) settle(other, behind, behind.redactor.release());
    }
    const secrets = options.secrets();
    if (secrets !== state.secrets) {
      // A secret that became known meanwhile is removed from here on.
      settle(stream, state, state.redactor.flush());
      state.redactor = createRedactor(secrets);
      state.secrets = secrets;
    }
    for (let at = 0; at < raw.length; ) {
      const piece = raw.subarray(at, isStart ? at + limits.startBytes - kept : raw.length);
      at += piece.length;
      state.taken += piece.length;
      settle(stream, state, state.redactor.push(piece));
    }
  };

  return {
    limits,
    consumed(stream) {
      const { taken, lines } = stateOf(stream);
      return { bytes: taken, lines };
    },
    take(pieces) {
      if (gap || queue.hasFailed()) return;
      for (const { stream, raw } of pieces) takeOne(stream, raw);
      queue.flush();
    },
    leaveOut(stream, missed) {
      if (gap) return;
      const state = stateOf(stream);
      const { held } = state.redactor;
      isStart = false;
      state.taken += missed.bytes;
      end.breakOff({ bytes: missed.bytes + held, lines: missed.lines });
      passed += missed.bytes + held;
      state.secrets = options.secrets();
      state.redactor = createRedactor(state.secrets);
      state.decoder = new TextDecoder();
      state.lead = leadOf(state.secrets);
    },
    evidence: (evidence) => shown.push(evidence) - 1,
    isBehind: queue.isBehind,
    async finish() {
      for (const [stream, state] of streams) settle(stream, state, state.redactor.flush());
      const at = kept;
      for (const { stream, bytes } of end.take()) keep(stream, bytes, 0);
      // What was held back, left out or kept at the end is used up now.
      for (const [stream, { taken, stored }] of streams) keep(stream, nothing, taken - stored);
      const left = end.leftOut.bytes > 0 ? { at, ...end.leftOut } : null;
      if (left) queue.leaveOut(left);
      const { text } = createRedactor(options.secrets());
      const evidence = shown.map(({ name, mediaType, content }) => {
        const bytes = Buffer.from(text(content));
        const place = { name: text(name), mediaType, at: kept, bytes: bytes.length };
        keep('evidence', bytes, 0);
        return place;
      });
      queue.flush();
      await queue.whenEmpty();
      const leftOut = left ?? gap;
      const output = { bytes: kept, sha256: hash.digest('hex'), ...(leftOut && { leftOut }) };
      return { output, evidence };
    },
  };
}

/**
 * What waits to be kept: in one transaction at once, or once the database is no longer locked. It is
 * told of after it was kept. Gives up when too much waits, when the lock stays, or when it fails.
 */
function createQueue(options: Parameters<typeof createSink>[0]): {
  add(row: OutputRow): void;
  tell(chunk: OutputChunk): void;
  leaveOut(gap: LeftOut & { at: number }): void;
  flush(): void;
  hasFailed(): boolean;
  isBehind(): boolean;
  whenEmpty(): Promise<void>;
} {
  const { store, run, step, attempt } = options;
  const rows: OutputRow[] = [];
  const chunks: OutputChunk[] = [];
  let gap: (LeftOut & { at: number }) | null = null;
  let waitingBytes = 0;
  let keeping: Promise<void> | null = null;
  let failure: { error: unknown } | null = null;
  const tooMuch = new AbortController();
  const until = AbortSignal.any([options.release, tooMuch.signal]);

  const write = (): void => {
    if (rows.length > 0 || gap !== null) {
      store.transaction(() => {
        for (const row of rows) store.outputs.append(row);
        if (gap !== null) store.outputs.leaveOut(run, step, attempt, gap);
      });
    }
    rows.length = 0;
    gap = null;
    waitingBytes = 0;
    for (const chunk of chunks.splice(0)) options.publish(chunk);
  };
  const isEmpty = (): boolean => rows.length === 0 && gap === null && chunks.length === 0;
  const keepAll = async (): Promise<void> => {
    try {
      while (!isEmpty()) await options.patiently(write, until);
    } catch (error) {
      failure = { error };
    }
    keeping = null;
  };
  const throwFailure = (): void => {
    if (failure !== null) throw failure.error;
  };
  return {
    add(row) {
      rows.push(row);
      waitingBytes += row.bytes.length;
    },
    tell: (chunk) => chunks.push(chunk),
    leaveOut(missed) {
      gap = missed;
    },
    flush() {
      if (waitingBytes > MOST_WAITING) tooMuch.abort();
      if (!isEmpty() && failure === null) keeping ??= keepAll();
    },
    hasFailed: () => failure !== null,
    isBehind() {
      throwFailure();
      return rows.length > 0;
    },
    async whenEmpty() {
      while (keeping !== null) await keeping;
      throwFailure();
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
  const gap = store.outputs.leftOut(run, step, attempt);
  const from = Math.max(kept - CAPTURE_WINDOW, gap?.at ?? 0, 0);
  const pieces: Uint8Array[] = [];
  for (const chunk of keptOutput(store, run, step, attempt, from)) {
    if (chunk.stream === of.stream) pieces.push(chunk.bytes);
  }
  return Buffer.concat(pieces).toString('utf8');
}

interface StreamState {
  secrets: readonly string[];
  redactor: Redactor;
  decoder: TextDecoder;
  /** What was told last of what is held back. */
  ahead: string;
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
