import { readFile, rename, writeFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { type Problem, toProblem } from '../../core/problem.ts';
import { type Entry, entryOf } from './entry.ts';
import { openRunbook } from './open-runbook.ts';
import type { FoundFile } from './scan.ts';

/** What is known of a file of exactly this time and size: how it is listed, or why it is not. */
const knownSchema = z.object({
  modifiedMs: z.number(),
  bytes: z.number(),
  entry: z
    .object({
      path: z.string(),
      title: z.string(),
      format: z.enum(['muster', 'guide']),
      kind: z.string().nullable(),
      system: z.string().nullable(),
      owner: z.string().nullable(),
      steps: z.number(),
      unreviewed: z.number(),
      errors: z.number(),
      modifiedAt: z.string(),
      range: z.string().nullable(),
    })
    .nullable(),
});
type Known = z.infer<typeof knownSchema> & { problem: Problem | null };

const fileSchema = z.object({ version: z.string(), files: z.array(knownSchema) });

/** How long one listing may parse before it answers with what it has, in ms. */
const PATIENCE_MS = 400;

/** Files above this are listed by name alone until they are opened, in bytes: parsing takes seconds. */
const LARGE_BYTES = 4 * 1024 * 1024;

/** Most entries that are kept for the next start. */
const MAX_KEPT = 50_000;

export interface Listing {
  entries: Entry[];
  problems: Problem[];
  /** False when files are still to be read; ask again after `onMore`. */
  complete: boolean;
}

/**
 * Knows the entries of many files without parsing them at each listing: an entry holds as long as
 * the file keeps its time and size. What is known outlives the app in a file of its own, which may
 * be lost or thrown away at any time.
 */
export class Catalogue {
  readonly #file: string;
  readonly #version: string;
  readonly #known = new Map<string, Known>();
  #loaded: Promise<void> | null = null;
  #changed = false;

  /** `version`: an entry made by another version of Muster is made again. */
  constructor(file: string, version: string) {
    this.#file = file;
    this.#version = version;
  }

  /** Lists `files`, reading those that changed for as long as patience lasts. */
  async list(files: FoundFile[]): Promise<Listing> {
    this.#loaded ??= this.#load();
    await this.#loaded;
    const deadline = Date.now() + PATIENCE_MS;
    let complete = true;
    for (const file of files) {
      if (!this.#isNews(file)) continue;
      if (Date.now() > deadline) {
        complete = false;
        break;
      }
      await this.#learn(file);
    }
    await this.#save();
    return { ...this.#listing(files), complete };
  }

  #listing(files: FoundFile[]): Pick<Listing, 'entries' | 'problems'> {
    const entries: Entry[] = [];
    const problems: Problem[] = [];
    for (const file of files) {
      const known = this.#current(file);
      if (known?.entry) entries.push(known.entry);
      if (known?.problem) problems.push(known.problem);
    }
    return { entries, problems };
  }

  #current(file: FoundFile): Known | undefined {
    const known = this.#known.get(file.path);
    const same = known?.modifiedMs === file.modifiedMs && known.bytes === file.bytes;
    return same ? known : undefined;
  }

  // A permission is given without a change of the file's time, so such a refusal is tried again.
  #isNews(file: FoundFile): boolean {
    const known = this.#current(file);
    return known === undefined || known.problem?.code === 'runbook-unreadable';
  }

  async #learn(file: FoundFile): Promise<void> {
    const { modifiedMs, bytes } = file;
    try {
      const entry = bytes > LARGE_BYTES ? byName(file) : await parsed(file);
      this.#known.set(file.path, { modifiedMs, bytes, entry, problem: null });
    } catch (error) {
      this.#known.set(file.path, { modifiedMs, bytes, entry: null, problem: toProblem(error) });
    }
    this.#changed = true;
    // Between two files the window gets its turn.
    await nextTurn();
  }

  async #load(): Promise<void> {
    try {
      const kept = fileSchema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
      if (kept.version !== this.#version) return;
      for (const known of kept.files) {
        if (known.entry) this.#known.set(known.entry.path, { ...known, problem: null });
      }
    } catch {
      // Nothing is known; everything is read again.
    }
  }

  async #save(): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    const files = [...this.#known.values()]
      .filter((known) => known.entry !== null)
      .slice(-MAX_KEPT)
      .map(({ modifiedMs, bytes, entry }) => ({ modifiedMs, bytes, entry }));
    try {
      const half = `${this.#file}.new`;
      await writeFile(half, JSON.stringify({ version: this.#version, files }), { mode: 0o600 });
      await rename(half, this.#file);
    } catch {
      // A folder that cannot be written costs time at the next start, nothing else.
    }
  }
}

async function parsed(file: FoundFile): Promise<Entry> {
  return entryOf(file, (await openRunbook(file.path)).runbook);
}

function byName(file: FoundFile): Entry {
  return {
    path: file.path,
    title: file.path.replace(/^.*[/\\]/, '').replace(/\.(md|markdown)$/i, ''),
    format: 'guide',
    kind: null,
    system: null,
    owner: null,
    steps: 0,
    unreviewed: 0,
    errors: 0,
    modifiedAt: new Date(file.modifiedMs).toISOString(),
    range: null,
  };
}
