import { MusterError, type Problem } from '../problem.ts';
import { formsOf } from './secret-forms.ts';
import {
  createSearch,
  createSecretIndex,
  type Found,
  isBlank,
  type Search,
  type SecretIndex,
} from './secret-search.ts';

/** What stands in a record where a secret stood. */
export const redactionMark = '•••';

/** What stands on a screen for what is held back, where that may not be seen. */
export const heldMark = '…';

/** The shortest secret, in characters. A shorter one would black out ordinary words. */
export const shortestSecret = 4;

/**
 * So many bytes beside blanks, in ASCII, may be seen while it is open whether they begin a secret.
 * The last letter of a line often does, because of the many forms of a private key; a line that ends
 * with `8080` must not be read as `808` for as long as nothing follows.
 */
const MOST_AHEAD = 2;

/** Removes secrets from one stream of bytes, however it is cut into chunks. */
export interface Redactor {
  /** The part of the stream that is safe to keep by now; may be the chunk itself. */
  push(chunk: Uint8Array): Uint8Array;
  /** What was held back; the stream ends here. */
  flush(): Uint8Array;
  /**
   * What is held back, where it tells next to nothing of a secret (see `MOST_AHEAD`), because
   * something else is to be kept behind it. A secret that begins in it is marked from here on.
   */
  release(): Uint8Array;
  /** What stood before the first chunk, for a redactor that takes over where another one released. */
  prime(before: Uint8Array): void;
  /**
   * Bytes of the input that are held back, because they may begin a secret. A new redactor that is
   * given the input again from the first of them on lets no secret through; where bytes were released
   * before them, it is primed with them.
   */
  readonly held: number;
  /**
   * What stands on a screen for the bytes that are held back, until more comes: they themselves
   * where they tell next to nothing of a secret (see `MOST_AHEAD`), else `heldMark`; empty where nothing is
   * held. Never to be kept: `push` or `flush` gives these bytes out, or a mark in their place.
   */
  readonly ahead: string;
  /** Removes the secrets from a text by itself, apart from the stream. */
  text(text: string): string;
}

/**
 * A redactor for these secrets and all their forms (see `formsOf`), also where a form is broken
 * into lines (see `createSecretIndex`). Each stretch of overlapping secrets becomes one mark; every
 * other byte passes unchanged, broken UTF-8 and NUL included. Takes linear time, holds back no more
 * than what may still become a secret, and nothing when there are no secrets. The beginning of a
 * secret that the stream breaks off in is not removed. Throws MusterError for a secret that
 * `secretProblem` refuses.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = indexOf(secrets);
  const stream = known && new Stream(known);
  return {
    push: (chunk) => stream?.push(chunk) ?? chunk,
    flush: () => stream?.flush() ?? nothing,
    release: () => stream?.release() ?? nothing,
    prime: (before) => stream?.prime(before),
    get held() {
      return stream?.held.length ?? 0;
    },
    get ahead() {
      return stream?.ahead() ?? '';
    },
    text(text) {
      if (!known) return text;
      const whole = utf8.encode(text);
      const once = new Stream(known);
      const pieces = [once.push(whole), once.flush()];
      // Untouched text comes back as it was, also where UTF-8 cannot carry it.
      return once.found ? pieces.map((piece) => utf8Reader.decode(piece)).join('') : text;
    },
  };
}

/** Why a secret cannot be kept out of the record, or null when it can. `name` is never its value. */
export function secretProblem(name: string, secret: string): Problem | null {
  const refused = (what: string, next: string): Problem => ({
    code: 'secret-not-redactable',
    what,
    safe: 'Nothing has run with it, and its value is in no record.',
    next,
  });
  if (secret.length < shortestSecret) {
    return refused(
      `The secret ${name} is shorter than ${shortestSecret} characters, too short to be kept out of the record.`,
      `Give ${name} a longer value, or make it an ordinary input.`,
    );
  }
  if (secret.includes('•')) {
    return refused(
      `The secret ${name} contains the character that Muster writes in place of secrets.`,
      `Give ${name} a value without "•".`,
    );
  }
  return null;
}

const utf8 = new TextEncoder();
const utf8Reader = new TextDecoder('utf-8', { ignoreBOM: true });
const mark = utf8.encode(redactionMark);
const nothing = new Uint8Array(0);

/** Each stream of each attempt of a run asks with the same list; it lives no longer than that. */
const indexes = new WeakMap<readonly string[], SecretIndex>();

function indexOf(secrets: readonly string[]): SecretIndex | null {
  if (secrets.length === 0) return null;
  let index = indexes.get(secrets);
  if (!index) {
    for (const secret of secrets) {
      const problem = secretProblem('given', secret);
      if (problem) throw new MusterError(problem);
    }
    index = createSecretIndex(secrets.flatMap(formsOf));
    indexes.set(secrets, index);
  }
  return index;
}

class Stream {
  private readonly search: Search;
  /** What was read and not given out. All places below count from its first byte. */
  held: Uint8Array = nothing;
  /** Where `held` begins in the whole stream, in bytes. */
  private origin = 0;
  /** Forms found in what was not given out, both ends ascending, none within another. */
  private matches: Found[] = [];
  /** Up to here everything is behind a mark that was given out already. */
  private markedTo = 0;
  found = false;

  constructor(index: SecretIndex) {
    this.search = createSearch(index);
  }

  push(chunk: Uint8Array): Uint8Array {
    const data = joined(this.held, chunk);
    for (const found of this.search.read(chunk)) this.keep(found);
    // What was released is out, even where a secret may still turn out to begin in it.
    const limit = Math.max(0, this.search.undecided() - this.origin);
    return this.give(data, this.cutAt(limit));
  }

  flush(): Uint8Array {
    this.search.forget();
    return this.give(this.held, this.held.length);
  }

  release(): Uint8Array {
    return this.ahead() === heldMark ? nothing : this.give(this.held, this.held.length);
  }

  prime(before: Uint8Array): void {
    this.search.read(before);
    this.origin += before.length;
  }

  ahead(): string {
    // The first of them may lie behind the last mark already.
    const open = this.held.subarray(this.markedTo);
    // Of what began in what was released, no more is told, or it would be told bit by bit.
    if (open.length > 0 && this.search.undecided() < this.origin) return heldMark;
    let told = 0;
    for (const byte of open) {
      told += isBlank(byte) ? 0 : 1;
      if (told > MOST_AHEAD || byte > 127) return heldMark;
    }
    return utf8Reader.decode(open);
  }

  private keep(found: Found): void {
    const start = found.start - this.origin;
    const end = found.end - this.origin;
    const { matches } = this;
    while ((matches.at(-1)?.start ?? Number.NEGATIVE_INFINITY) >= start) matches.pop();
    if (matches.at(-1)?.end === end) return;
    matches.push({ start, end });
    this.found = true;
  }

  /**
   * Where to cut: nothing that is still to be found begins before `limit`. A cut inside a secret
   * would show its rest to a redactor that begins there, so the cut moves to that secret's start;
   * of several, to the one that ends last, because it covers the rest of the others.
   */
  private cutAt(limit: number): number {
    const last = this.matches.findLast(({ start }) => start <= limit);
    return last && last.end > limit ? Math.max(0, last.start) : limit;
  }

  /** `data` up to `cut` with its secrets marked; the rest is held. */
  private give(data: Uint8Array, cut: number): Uint8Array {
    const pieces: Uint8Array[] = [];
    let from = this.markedTo;
    let kept = 0;
    for (const { start: found, end } of this.matches) {
      const start = Math.max(0, found);
      if (start >= cut) break;
      kept += 1;
      if (start >= from) pieces.push(data.subarray(from, start), mark);
      from = Math.max(from, end);
    }
    if (from < cut) pieces.push(data.subarray(from, cut));
    this.matches = this.matches
      .slice(kept)
      .map(({ start, end }) => ({ start: start - cut, end: end - cut }));
    this.markedTo = Math.max(0, from - cut);
    this.held = cut === data.length ? nothing : data.slice(cut);
    this.origin += cut;
    const [only] = pieces;
    return pieces.length === 1 && only ? only : concat(pieces);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.length === 0 ? b : concat([a, b]);
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
