import type { Capture } from './model.ts';
import { patternFault } from './pattern/pattern.ts';

/** Names that a shell can carry as an environment variable. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;

/** Names of results, such as `rows` and `recovery-point`. */
const RESULT = /^[A-Za-z_][\w-]{0,99}$/;

export type CaptureResult = { ok: true; capture: Capture } | { ok: false; message: string };

/**
 * The ways to take a value from what a step gives:
 *
 *     capture=NAME                    the last line that is not blank
 *     capture="NAME=/rows: (\d+)/"    the first group of a pattern, or all it matches
 *     capture="NAME=#/items/0/key"    a JSON pointer (RFC 6901, in its `#/` spelling) into the
 *                                     output read as JSON; `#` alone is the whole
 *     capture="NAME=rows"             a result of a step that Muster carries out itself, by name
 */
export function parseCapture(text: string): CaptureResult {
  const equals = text.indexOf('=');
  const name = (equals < 0 ? text : text.slice(0, equals)).trim();
  if (!VARIABLE_NAME.test(name)) {
    return {
      ok: false,
      message: `"${name}" cannot name a value: use letters, digits and _, not a digit first`,
    };
  }
  if (equals < 0) return { ok: true, capture: { name, from: { how: 'last-line' } } };
  const source = text.slice(equals + 1).trim();
  if (source === '#' || source.startsWith('#/')) {
    return { ok: true, capture: { name, from: { how: 'pointer', pointer: source.slice(1) } } };
  }
  if (source.length > 2 && source.startsWith('/') && source.endsWith('/')) {
    const pattern = source.slice(1, -1);
    const wrong = patternFault(pattern);
    if (wrong !== null) return { ok: false, message: `the pattern is wrong: ${wrong}` };
    return { ok: true, capture: { name, from: { how: 'pattern', pattern } } };
  }
  if (RESULT.test(source)) {
    return { ok: true, capture: { name, from: { how: 'result', result: source } } };
  }
  return {
    ok: false,
    message: `"${source}" is neither /pattern/ nor a JSON pointer such as #/key`,
  };
}
