import { type Automaton, buildAutomaton } from './automaton.ts';

/**
 * What is searched for: every form of every secret, as it is and broken into lines by whatever
 * wrapped it. Wrapped text is found by reading past blanks (space, tab, CR, LF): a form of at least
 * `LEAST_WRAPPED` other bytes is recognised with up to `WIDEST_GAP` blanks between any two of them,
 * at any column and under any indentation. A shorter form would be found all over ordinary prose,
 * so of it only one line break inside is recognised.
 */
export interface SecretIndex {
  /** Forms as they are, where reading past blanks does not find all of them; else null. */
  readonly exact: Automaton | null;
  /** Forms without their blanks; null when all are too short. */
  readonly wrapped: Automaton | null;
  /** The longest form without blanks, in bytes. */
  readonly longestWrapped: number;
}

/** The fewest bytes beside blanks that a form needs to be recognised across blanks. */
const LEAST_WRAPPED = 8;
/** The most blanks between two bytes of a wrapped form: a line break and a deep indentation. */
export const WIDEST_GAP = 64;

/** Builds the index. Takes time and memory linear in the length of all forms. */
export function createSecretIndex(forms: readonly Uint8Array[]): SecretIndex {
  const exact: Uint8Array[] = [];
  const wrapped: Uint8Array[] = [];
  for (const form of forms) {
    const dense = form.filter((byte) => !isBlank(byte));
    if (dense.length >= LEAST_WRAPPED) wrapped.push(dense);
    else exact.push(...brokenOnce(form));
    // Blanks of a form itself belong to the secret, also at its ends.
    if (dense.length < form.length) exact.push(form);
  }
  return {
    exact: exact.length > 0 ? buildAutomaton(exact) : null,
    wrapped: wrapped.length > 0 ? buildAutomaton(wrapped) : null,
    longestWrapped: wrapped.reduce((most, form) => Math.max(most, form.length), 0),
  };
}

function brokenOnce(form: Uint8Array): Uint8Array[] {
  const forms = [form];
  for (let at = 1; at < form.length; at++) {
    for (const lineBreak of [[LF], [CR, LF]]) {
      forms.push(new Uint8Array([...form.subarray(0, at), ...lineBreak, ...form.subarray(at)]));
    }
  }
  return forms;
}

const LF = 10;
const CR = 13;

/** What a wrapped form is read past. */
export function isBlank(byte: number): boolean {
  return byte === 32 || byte === LF || byte === CR || byte === 9;
}

/** A form in a stream, from `start` to before `end`, in bytes from the beginning of the stream. */
export interface Found {
  start: number;
  end: number;
}

/** The search of one stream. Places count from the first byte of the stream. */
export interface Search {
  /** Reads on. The forms that end in this chunk, ends ascending. */
  read(chunk: Uint8Array): Found[];
  /** The first byte that may belong to a form that is not read to its end yet. */
  undecided(): number;
  /** What was read last begins no form. */
  forget(): void;
}

export function createSearch(index: SecretIndex): Search {
  const exact = index.exact && searchExactly(index.exact);
  const wrapped = index.wrapped && searchWrapped(index.wrapped, index.longestWrapped);
  if (!exact || !wrapped) return exact ?? wrapped ?? nothingToFind;
  return {
    read: (chunk) => [...exact.read(chunk), ...wrapped.read(chunk)].sort((a, b) => a.end - b.end),
    undecided: () => Math.min(exact.undecided(), wrapped.undecided()),
    forget() {
      exact.forget();
      wrapped.forget();
    },
  };
}

const nothingToFind: Search = {
  read: () => [],
  undecided: () => Number.POSITIVE_INFINITY,
  forget: () => undefined,
};

function searchExactly(automaton: Automaton): Search {
  const { begins } = automaton;
  let total = 0;
  let state = 0;
  return {
    read(chunk) {
      const found: Found[] = [];
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0;
        if (state === 0 && begins[byte] === 0) continue;
        state = automaton.next(state, byte);
        const length = automaton.match(state);
        if (length > 0) found.push({ start: total + at + 1 - length, end: total + at + 1 });
      }
      total += chunk.length;
      return found;
    },
    undecided: () => total - automaton.depth(state),
    forget() {
      state = 0;
    },
  };
}

function searchWrapped(automaton: Automaton, longest: number): Search {
  const { begins } = automaton;
  let total = 0;
  let state = 0;
  /** Blanks since the last other byte. */
  let gap = 0;
  // Places of the bytes that are under way, the newest at `count - 1`; never more than `longest`.
  const mask = 2 ** Math.ceil(Math.log2(longest + 1)) - 1;
  const places = new Float64Array(mask + 1);
  let count = 0;
  const placeBefore = (bytes: number): number => places[(count - bytes) & mask] ?? 0;
  return {
    read(chunk) {
      const found: Found[] = [];
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0;
        // No form begins with a blank.
        if (state === 0 && begins[byte] === 0) continue;
        if (isBlank(byte)) {
          gap += 1;
          if (gap > WIDEST_GAP) state = 0;
          continue;
        }
        gap = 0;
        state = automaton.next(state, byte);
        places[count & mask] = total + at;
        count = (count + 1) | 0;
        const length = automaton.match(state);
        if (length > 0) found.push({ start: placeBefore(length), end: total + at + 1 });
      }
      total += chunk.length;
      return found;
    },
    undecided() {
      const depth = automaton.depth(state);
      return depth === 0 ? total : placeBefore(depth);
    },
    forget() {
      state = 0;
      gap = 0;
    },
  };
}
