import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply } from '../shared/first-screen.ts';

/**
 * What the first screen was last told. The next window has it at once, while the backend is still
 * loading; then the backend says what has changed meanwhile (`what-differs.ts`).
 */
export interface FirstAnswers {
  readonly 'library.list'?: unknown;
  readonly 'settings.get'?: unknown;
}
export type FirstAnswer = keyof FirstAnswers;

/** To read and send more than this, in characters, takes as long as to load the backend. */
const MOST = 500_000;
/** How long what is to be remembered is gathered, in ms. */
const GATHER_MS = 1_000;

function fileIn(folder: string): string {
  return join(folder, 'first-answers.json');
}

/** Nothing when another build wrote it: what it says may have another form. */
export function recallAnswers(folder: string, build: string): FirstAnswers {
  try {
    const found: { build?: unknown; answers?: FirstAnswers } = JSON.parse(
      readFileSync(fileIn(folder), 'utf8'),
    );
    return found.build === build ? (found.answers ?? {}) : {};
  } catch {
    return {};
  }
}

/** Keeps what the backend answers for the next window. */
export class AnswerMemory {
  readonly #folder: string;
  readonly #build: string;
  readonly #answers: { -readonly [N in FirstAnswer]?: unknown } = {};
  #timer: NodeJS.Timeout | null = null;

  constructor(folder: string, build: string) {
    this.#folder = folder;
    this.#build = build;
  }

  /** Whatever was answered to any request. */
  heard(name: unknown, reply: Reply): void {
    // To change a setting is answered with all of them.
    const of = name === 'settings.set' ? 'settings.get' : name;
    if (!reply.ok || (of !== 'library.list' && of !== 'settings.get')) return;
    this.#answers[of] = reply.value;
    this.#timer ??= setTimeout(() => this.write(), GATHER_MS);
  }

  /** Writes what waits to be written. A memory that cannot be written is no reason to bother anybody. */
  write(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    const text = JSON.stringify({ build: this.#build, answers: this.#answers });
    const file = fileIn(this.#folder);
    try {
      if (text.length > MOST) rmSync(file, { force: true });
      else {
        mkdirSync(this.#folder, { recursive: true });
        writeFileSync(`${file}.new`, text, { mode: 0o600 });
        renameSync(`${file}.new`, file);
      }
    } catch {
      // The next window waits for the backend.
    }
  }
}
