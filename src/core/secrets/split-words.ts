/**
 * A command line as its words, by the quoting that people know from a shell: `'…'` keeps all,
 * `"…"` keeps all but `\"` and `\\`, and outside of quotes a backslash keeps the next character.
 * Nothing is expanded. Null when a quote is not closed or the text ends with a backslash.
 */
export function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    const next = text[at + 1];
    if (char === '\\' && quote !== "'" && (quote === null || next === '"' || next === '\\')) {
      if (next === undefined) return null;
      word = (word ?? '') + next;
      at += 1;
    } else if (quote !== null) {
      if (char === quote) quote = null;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== null) return null;
  return word === null ? words : [...words, word];
}
