import type { Problem } from '../../core/problem.ts';
import type { RunEvent } from '../../core/run/events.ts';
import type { Engine, OutputChunk, StepProgress } from '../../engine/api.ts';
import type { Push } from '../ipc/push.ts';

/** How long news is gathered before the window is told, in ms. */
const GATHER_MS = 30;
/** How often at most the window is told how far steps have come, in ms. */
const PROGRESS_MS = 200;
/** Most output that is told at once, in bytes; about 2 MB a second. */
const MAX_OUTPUT_BYTES = 64 * 1024;
/** News that the window was sent and has not taken: about a second of it, then it is waited for. */
const MAX_UNHEARD = 32;
/** Most events that wait for a slow window; of more it is told the newest, and reads the others. */
const MAX_EVENTS = 2_000;

/**
 * Tells the window what happens in the runs that are driven here. Of an output flood only the newest
 * stretch is told; its offset shows the gap, and the window reads what it wants of the rest from the
 * store. A window that does not keep up is not sent more, so that what waits for it stays small; of
 * events it then misses some, sees that by their numbers, and reads the ledger. Of progress only the
 * latest counts, some times a second.
 */
export class RunFeed {
  readonly #engine: Engine;
  readonly #push: Push;
  readonly #followed = new Map<string, () => void>();
  #events = new Map<string, RunEvent[]>();
  #output: OutputChunk[] = [];
  #outputBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Numbers of the last news that was sent, and of the last that the window has taken. */
  #sent = 0;
  #heard = 0;
  /** The latest of each step, by run and step. */
  #progress = new Map<string, StepProgress>();
  #progressTimer: NodeJS.Timeout | null = null;

  constructor(engine: Engine, push: Push) {
    this.#engine = engine;
    this.#push = push;
  }

  /** Follows a run that is driven here; a second time changes nothing. */
  follow(run: string): void {
    if (this.#followed.has(run)) return;
    const end = this.#engine.follow(run, {
      events: (events) => this.#addEvents(run, events),
      output: (chunk) => this.#addOutput(chunk),
      progress: (progress) => this.#addProgress(progress),
      stopped: (problem) => this.#stop(run, problem),
    });
    this.#followed.set(run, end);
  }

  /** The window has taken all news up to this number; 0 when it begins anew. */
  heard(number: number): void {
    this.#heard = number === 0 ? this.#sent : Math.max(this.#heard, number);
    if (this.#output.length > 0 || this.#events.size > 0) this.#soon();
  }

  #isSlow(): boolean {
    return this.#sent - this.#heard >= MAX_UNHEARD;
  }

  #addEvents(run: string, events: RunEvent[]): void {
    const waiting = this.#events.get(run);
    if (waiting) waiting.push(...events);
    else this.#events.set(run, [...events]);
    const kept = this.#events.get(run);
    if (this.#isSlow() && kept && kept.length > MAX_EVENTS) kept.splice(0, kept.length - 1);
    this.#soon();
  }

  #addOutput(chunk: OutputChunk): void {
    const last = this.#output.at(-1);
    this.#outputBytes += chunk.bytes;
    if (last && continues(last, chunk)) {
      last.bytes += chunk.bytes;
      last.text += chunk.text;
      last.ahead = chunk.ahead;
    } else {
      this.#output.push({ ...chunk });
    }
    // The oldest go first; a single chunk is always told, however large.
    while (this.#outputBytes > MAX_OUTPUT_BYTES && this.#output.length > 1) {
      this.#outputBytes -= this.#output.shift()?.bytes ?? 0;
    }
    this.#soon();
  }

  #addProgress(progress: StepProgress): void {
    this.#progress.set(`${progress.run} ${progress.step}`, progress);
    this.#progressTimer ??= setTimeout(() => {
      this.#progressTimer = null;
      const latest = this.#progress;
      this.#progress = new Map();
      for (const one of latest.values()) this.#push('run.progress', one);
    }, PROGRESS_MS);
  }

  #stop(run: string, problem: Problem | null): void {
    this.#flush();
    this.#followed.get(run)?.();
    this.#followed.delete(run);
    if (problem !== null) this.#push('app.problem', problem);
    this.#push('runs.changed', undefined);
  }

  #soon(): void {
    if (!this.#isSlow()) this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const output = this.#output;
    const events = this.#events;
    this.#output = [];
    this.#outputBytes = 0;
    this.#events = new Map();
    // Output first: the event that ends a step comes after its last line.
    for (const chunk of output) this.#push('run.output', chunk);
    for (const [run, of] of events) this.#push('run.events', { run, events: of });
    this.#sent += 1;
    this.#push('run.told', { number: this.#sent });
  }
}

/** A joined chunk stays below half of what is told at once, so that a flood still drops pieces. */
function continues(last: OutputChunk, next: OutputChunk): boolean {
  return (
    last.run === next.run &&
    last.step === next.step &&
    last.attempt === next.attempt &&
    last.stream === next.stream &&
    last.at + last.bytes === next.at &&
    last.bytes + next.bytes <= MAX_OUTPUT_BYTES / 2
  );
}
