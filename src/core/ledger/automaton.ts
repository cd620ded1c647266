/**
 * An Aho-Corasick automaton over bytes: reads a stream once and knows at every byte the longest
 * beginning of a pattern that the stream ends with now. States are numbers, 0 is the start.
 * Sparse, because the patterns are long and few: about 20 bytes a state.
 */
export interface Automaton {
  /** The state after one more byte. Amortised constant time. */
  next(state: number, byte: number): number;
  /** How many bytes of a pattern the stream ends with in this state. */
  depth(state: number): number;
  /** Length of the longest pattern that ends at this state; 0 when none does. */
  match(state: number): number;
  /** For each byte, 1 when it takes the start state elsewhere. */
  readonly begins: Uint8Array;
}

export function buildAutomaton(patterns: readonly Uint8Array[]): Automaton {
  const most = 1 + patterns.reduce((sum, pattern) => sum + pattern.length, 0);
  const trie = {
    child: new Int32Array(most),
    sibling: new Int32Array(most),
    byte: new Uint8Array(most),
  };
  const depths = new Int32Array(most);
  const matches = new Int32Array(most);
  let count = 1;
  for (const pattern of patterns) {
    let state = 0;
    for (const byte of pattern) {
      let to = childOf(trie, state, byte);
      if (to === 0) {
        to = count++;
        trie.byte[to] = byte;
        trie.sibling[to] = trie.child[state] ?? 0;
        trie.child[state] = to;
        depths[to] = (depths[state] ?? 0) + 1;
      }
      state = to;
    }
    matches[state] = pattern.length;
  }

  // The start is asked most often, so its row is dense.
  const first = new Int32Array(256);
  const begins = new Uint8Array(256);
  for (let to = trie.child[0] ?? 0; to !== 0; to = trie.sibling[to] ?? 0) {
    first[trie.byte[to] ?? 0] = to;
    begins[trie.byte[to] ?? 0] = 1;
  }
  const fails = new Int32Array(most);
  const next = (from: number, byte: number): number => {
    for (let state = from; state !== 0; state = fails[state] ?? 0) {
      const to = childOf(trie, state, byte);
      if (to !== 0) return to;
    }
    return first[byte] ?? 0;
  };

  // Breadth first, so that a state's shorter suffixes are finished before it.
  const queue = [...first.filter((to) => to !== 0)];
  for (const state of queue) {
    for (let to = trie.child[state] ?? 0; to !== 0; to = trie.sibling[to] ?? 0) {
      const fail = next(fails[state] ?? 0, trie.byte[to] ?? 0);
      fails[to] = fail;
      if (matches[to] === 0) matches[to] = matches[fail] ?? 0;
      queue.push(to);
    }
  }
  return {
    next,
    depth: (state) => depths[state] ?? 0,
    match: (state) => matches[state] ?? 0,
    begins,
  };
}

function childOf(
  trie: { child: Int32Array; sibling: Int32Array; byte: Uint8Array },
  state: number,
  byte: number,
): number {
  let to = trie.child[state] ?? 0;
  while (to !== 0 && trie.byte[to] !== byte) to = trie.sibling[to] ?? 0;
  return to;
}
