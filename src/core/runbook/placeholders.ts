import type { InputSpec } from './model.ts';

/** A guide with more different placeholders is a template of something else. */
const MOST = 200;

/** `<POD_NAME>`, `<pod-name>`, `<namespace>`; not `<<EOF`, `<file`, `<in >out`. */
const PLACEHOLDER = /(?<![<\w])<([A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*)>(?!>)/g;

/** One lower-case word in brackets may be a tag in text that a command writes. */
const TAGS =
  /^(?:a|b|br|body|code|div|em|form|h[1-6]|head|hr|html|i|img|input|label|li|link|meta|ol|option|p|pre|script|select|span|strong|style|svg|table|tbody|td|th|thead|title|tr|u|ul)$/;

/**
 * The inputs that the `<PLACEHOLDER>`s of one piece of shell code call for. They are proposals: the
 * code stays as it is, and a value reaches it only when a person writes `"$NAME"` there.
 */
export function proposeInputs(
  code: string,
  firstLine: number,
  proposed: Map<string, InputSpec>,
): void {
  if (!code.includes('<')) return;
  for (const [i, line] of code.split('\n').entries()) {
    for (const { name, written } of placeholdersIn(line)) {
      if (proposed.has(name) || proposed.size >= MOST) continue;
      proposed.set(name, {
        name,
        type: 'string',
        default: null,
        pattern: null,
        help: `Stands for ${written} in the commands.`,
        choices: [],
        secret: null,
        proposed: true,
        line: firstLine + i,
      });
    }
  }
}

export interface Placeholder {
  /** Of the input that it calls for. */
  name: string;
  /** As it stands there, brackets included, and its offset in the line. */
  written: string;
  index: number;
}

/** The placeholders of one line of shell code. */
export function placeholdersIn(line: string): Placeholder[] {
  return [...line.matchAll(PLACEHOLDER)].flatMap(({ 0: written, 1: inside = '', index }) => {
    const after = line[index + written.length] ?? '';
    if (!isPlaceholder(inside, after)) return [];
    return [{ name: inside.replaceAll('-', '_').toUpperCase(), written, index }];
  });
}

function isPlaceholder(written: string, after: string): boolean {
  const single = /^[a-z][a-z0-9]*$/.test(written);
  if (!single) return true;
  // `cat <in>out` redirects twice; a placeholder of one small word stands free or in quotes.
  return !TAGS.test(written) && !/[\w~$]/.test(after);
}
