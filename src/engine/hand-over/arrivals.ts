import { createHash } from 'node:crypto';
import { largestAttachment } from '../../core/attachments/attachment.ts';
import { MusterError } from '../../core/problem.ts';
import { type RunEvent, runEventSchema } from '../../core/run/events.ts';
import type { Store } from '../../store/open.ts';
import * as failures from './failures.ts';
import type { Manifest } from './manifest.ts';
import type { BundleRecord } from './records.ts';

/** Events that are added to the store at a time. */
const BATCH = 500;

const misfits = new Set(['ledger-out-of-order', 'run-driven-elsewhere', 'output-gap']);

/**
 * Puts the records of a bundle into the store, inside the caller's transaction. Of a run that is
 * here already, the record in the file has to begin with the one here; what is new is added.
 */
export class Arrivals {
  readonly #store: Store;
  readonly #manifest: Manifest;
  readonly #file: string;
  /** The events that are here already, in step with those that arrive. */
  readonly #here: Iterator<RunEvent>;
  #hereCount: number;
  #waiting: RunEvent[] = [];
  #last: RunEvent | null = null;
  #attachment: { sha256: string; pieces: Uint8Array[]; bytes: number } | null = null;
  /** How many events were not here before. */
  added = 0;

  constructor(store: Store, manifest: Manifest, file: string) {
    this.#store = store;
    this.#manifest = manifest;
    this.#file = file;
    const { run } = manifest;
    const row = store.runs.get(run.id);
    if (row === null) store.runs.create(run);
    else if (row.sha256 !== run.sha256 || row.createdAt !== run.createdAt) {
      throw failures.runForked(run.id, 1);
    }
    this.#hereCount = store.events.head(run.id)?.seq ?? 0;
    if (this.#hereCount > manifest.events + 1) throw failures.runHere(run.id);
    this.#here = store.events.iterate(run.id)[Symbol.iterator]();
  }

  take(record: BundleRecord, bytes: Buffer): void {
    if (record.kind !== 'attachment') this.#keepAttachment();
    switch (record.kind) {
      case 'text':
        this.#text(record.sha256, bytes);
        return;
      case 'output':
        this.#output(record, bytes);
        return;
      case 'attachment':
        this.#piece(record.sha256, bytes);
        return;
      case 'event':
        this.#event(record.event);
        return;
      default:
        throw failures.bundleDamaged(this.#file, `It holds a ${record.kind} twice.`);
    }
  }

  /** All is there; the last event. */
  finish(): RunEvent {
    this.#keepAttachment();
    this.#addWaiting();
    if (this.#last === null) throw failures.bundleDamaged(this.#file, 'It holds no events.');
    return this.#last;
  }

  #text(sha256: string, bytes: Buffer): void {
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw failures.bundleDamaged(this.#file, 'A text in it does not match its hash.');
    }
    this.#store.texts.keep(sha256, new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  }

  #output(of: Extract<BundleRecord, { kind: 'output' }>, bytes: Buffer): void {
    const { step, attempt, stream, at } = of;
    const run = this.#manifest.run.id;
    const { kept } = this.#store.outputs.size(run, step, attempt);
    // What is here already is not taken twice; that it is the same, the hash at the end shows.
    const more = bytes.subarray(Math.max(0, kept - at));
    if (more.length === 0) return;
    const from = at + bytes.length - more.length;
    const source = more.length;
    this.#fits(() => {
      this.#store.outputs.append({ run, step, attempt, stream, at: from, bytes: more, source });
    });
  }

  #piece(sha256: string, bytes: Buffer): void {
    if (this.#attachment?.sha256 !== sha256) this.#keepAttachment();
    this.#attachment ??= { sha256, pieces: [], bytes: 0 };
    this.#attachment.pieces.push(bytes);
    this.#attachment.bytes += bytes.length;
    if (this.#attachment.bytes > largestAttachment) {
      throw failures.bundleDamaged(this.#file, 'An attachment in it is too large.');
    }
  }

  #keepAttachment(): void {
    const whole = this.#attachment;
    this.#attachment = null;
    if (whole === null) return;
    const hash = createHash('sha256');
    for (const piece of whole.pieces) hash.update(piece);
    if (hash.digest('hex') !== whole.sha256) {
      throw failures.bundleDamaged(this.#file, 'An attachment in it does not match its hash.');
    }
    this.#store.attachments.keep(whole.sha256, whole.pieces);
  }

  #event(value: unknown): void {
    if (!isEvent(value) || value.run !== this.#manifest.run.id) {
      throw failures.bundleDamaged(this.#file, 'It holds an event that is none of this run.');
    }
    this.#last = value;
    if (value.seq <= this.#hereCount) {
      const here = this.#here.next();
      if (here.done || here.value.hash !== value.hash || here.value.seq !== value.seq) {
        throw failures.runForked(value.run, value.seq);
      }
      return;
    }
    this.added += 1;
    this.#waiting.push(value);
    if (this.#waiting.length >= BATCH) this.#addWaiting();
  }

  #addWaiting(): void {
    if (this.#waiting.length > 0) this.#fits(() => this.#store.events.append(this.#waiting));
    this.#waiting = [];
  }

  /** What the store refuses because it does not follow what is there, the file is to blame for. */
  #fits(add: () => void): void {
    try {
      add();
    } catch (error) {
      if (!(error instanceof MusterError) || !misfits.has(error.problem.code)) throw error;
      throw failures.bundleDamaged(this.#file, 'A part of it does not follow the one before.');
    }
  }
}

/** Checked, but taken as it came: the hash covers fields that this version does not know. */
function isEvent(value: unknown): value is RunEvent {
  return runEventSchema.safeParse(value).success;
}
