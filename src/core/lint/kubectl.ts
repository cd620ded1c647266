/** Options of kubectl that may stand before the verb and take the next word. */
const TAKES_WORD = new Set([
  '-n',
  '--namespace',
  '--context',
  '--kubeconfig',
  '--cluster',
  '--user',
  '--as',
  '-s',
  '--server',
  '--request-timeout',
  '--token',
]);

/** The words of a kubectl command from its verb on: `delete pod x` of `kubectl -n shop delete pod x`. */
export function fromVerb(words: readonly string[]): readonly string[] {
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (!word.startsWith('-')) return words.slice(i);
    if (TAKES_WORD.has(word)) i += 1;
  }
  return [];
}
