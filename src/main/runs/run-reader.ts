import { MusterError } from '../../core/problem.ts';
import { stepNamed } from '../../core/run/places.ts';
import type { Attempt, RunState } from '../../core/run/state.ts';
import { summarise } from '../../core/run/summary.ts';
import { type CalledFile, link } from '../../core/runbook/link.ts';
import type { Runbook } from '../../core/runbook/model.ts';
import type { Engine } from '../../engine/api.ts';
import { runUnknown } from '../../engine/failures.ts';
import { drivesElsewhere } from '../../engine/holder.ts';
import { parseApart } from '../../engine/library/parse-apart.ts';
import { listRuns } from '../../engine/record.ts';
import { type Glance, glanceAt, glanceOf, stateOf } from '../../engine/run-state.ts';
import type { OutputChunk, RunSummary, RunView } from '../../shared/ipc.ts';
import type { ListedRun, Store } from '../../store/open.ts';

/** How many parsed texts of runs are kept at hand. */
const KEPT_TEXTS = 8;
/** Most output that one answer holds, in bytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Reads runs for the window: those driven here, elsewhere, and by nobody any more. */
export class RunReader {
  readonly #store: Store;
  readonly #engine: Engine;
  readonly #runbooks = new Map<string, Runbook>();

  constructor(store: Store, engine: Engine) {
    this.#store = store;
    this.#engine = engine;
  }

  list(): RunSummary[] {
    return listRuns(this.#store).map((summary) => {
      const driven = this.#engine.driven(summary.id);
      return driven ? { ...summarise(driven.state), driver: 'here' } : summary;
    });
  }

  /** With `whole` false, of a long run what there is to see at once. Throws `run-unknown`. */
  async view(run: string, whole: boolean): Promise<RunView> {
    const row = this.#store.runs.get(run);
    const seen = row && (whole ? this.#all(run) : this.#glance(run));
    if (!row || !seen) throw new MusterError(runUnknown(run));
    const { state, isWhole } = seen;
    const runbook = await this.#whole(row, state);
    const driver = this.#driver(run, state.ended !== null);
    return { summary: { ...summarise(state), driver }, runbook, state, isWhole };
  }

  /** All attempts of a step; none of one that the run does not have. Throws `run-unknown`. */
  attempts(run: string, step: string): Attempt[] {
    const state = this.#state(run);
    if (!state) throw new MusterError(runUnknown(run));
    return stepNamed(state, step)?.step.attempts ?? [];
  }

  #state(run: string): RunState | null {
    return this.#engine.driven(run)?.state ?? stateOf(this.#store, run);
  }

  #all(run: string): Glance | null {
    const state = this.#state(run);
    return state && { state, isWhole: true };
  }

  #glance(run: string): Glance | null {
    const driven = this.#engine.driven(run);
    return driven ? glanceAt(driven.state) : glanceOf(this.#store, run);
  }

  output(of: { run: string; step: string; attempt: number; from: number }): OutputChunk[] {
    const { run, step, attempt, from } = of;
    const { outputs } = this.#store;
    // The window's offsets count what was left out too, as they did while the step ran.
    const gap = outputs.leftOut(run, step, attempt) ?? { at: Number.POSITIVE_INFINITY, bytes: 0 };
    const isPast = from >= gap.at;
    const start = isPast ? Math.max(from - gap.bytes, gap.at) : from;
    const most = Math.min(MAX_ANSWER_BYTES, isPast ? MAX_ANSWER_BYTES : gap.at - from);
    const kept = outputs.read(run, step, attempt, start, most);
    if (kept.length === 0) return this.#engine.outputAhead(run, step, attempt);
    // A character that the answer would cut is left to the next one.
    const end = kept.at(-1);
    if (end) end.bytes = end.bytes.subarray(0, wholeCharacters(end.bytes));
    // One decoder for each stream: a character may lie across two chunks.
    const decoders = new Map<string, TextDecoder>();
    return kept.map(({ stream, at, bytes }) => {
      const decoder = decoders.get(stream) ?? new TextDecoder('utf-8', { ignoreBOM: true });
      decoders.set(stream, decoder);
      const text = decoder.decode(bytes, { stream: true });
      const place = isPast ? at + gap.bytes : at;
      return { run, step, attempt, stream, at: place, bytes: bytes.length, text, ahead: '' };
    });
  }

  #driver(run: string, ended: boolean): RunSummary['driver'] {
    if (ended) return 'nobody';
    if (this.#engine.driven(run) !== null) return 'here';
    const holder = this.#store.leases.of(run);
    return holder !== null && drivesElsewhere(holder) ? 'elsewhere' : 'nobody';
  }

  /** The runbook with those that it calls. */
  async #whole(row: ListedRun, { created }: RunState): Promise<Runbook> {
    const runbook = await this.#runbook(row.id, row.sha256);
    const files = new Map<string, CalledFile>();
    for (const { step, path, sha256 } of created.called ?? []) {
      files.set(step, { path, sha256, runbook: await this.#runbook(row.id, sha256) });
    }
    return files.size === 0 ? runbook : link(runbook, (step) => files.get(step) ?? null);
  }

  async #runbook(run: string, sha256: string): Promise<Runbook> {
    const known = this.#runbooks.get(sha256);
    if (known) return known;
    const text = this.#store.texts.read(sha256);
    if (text === null) throw new MusterError(runUnknown(run));
    const runbook = await parseApart(text);
    this.#runbooks.set(sha256, runbook);
    const [oldest] = this.#runbooks.keys();
    if (this.#runbooks.size > KEPT_TEXTS && oldest !== undefined) this.#runbooks.delete(oldest);
    return runbook;
  }
}

/** Length of `bytes` without a UTF-8 sequence that is begun at its end; never nothing of something. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length - 1); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < needed ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
