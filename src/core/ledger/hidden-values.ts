import { redactionMark } from './redact.ts';

/**
 * What undoing needs is kept as values, not as text, and is written to real systems again. A text with
 * a secret in it must not be kept, and what stands in its place must never be taken for a value: so the
 * whole text is replaced by a mark of its own. The same text has the same mark, so that one that a step
 * changed differs from the one before it.
 */

const HIDDEN = new RegExp(`^${redactionMark} [0-9a-f]{16}$`);

/**
 * Hides the texts of JSON values that hold secrets; a value without any comes back as it is. `redact` as
 * a `Redactor` does it, `newMark` 16 random hexadecimal digits. One hider knows its marks again.
 */
export function createHider(
  redact: (text: string) => string,
  newMark: () => string,
): (value: unknown) => unknown {
  const marks = new Map<string, string>();
  const hideText = (text: string): string => {
    if (redact(text) === text) return text;
    const mark = marks.get(text) ?? `${redactionMark} ${newMark()}`;
    marks.set(text, mark);
    return mark;
  };
  const hide = (value: unknown): unknown => {
    if (typeof value === 'string') return hideText(value);
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [hideText(name), hide(one)]),
    );
  };
  return (value) => {
    const text = JSON.stringify(value);
    // Nearly always there is none, and to ask once is much quicker than to ask for every text.
    return text === undefined || redact(text) === text ? value : hide(JSON.parse(text));
  };
}

/** This stands for a text that is not kept. */
export function isHidden(value: unknown): value is string {
  return typeof value === 'string' && HIDDEN.test(value);
}

/** Something in it is not kept, so it must not be written anywhere. */
export function holdsHidden(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isHidden(value);
  return Object.entries(value).some(([name, one]) => isHidden(name) || holdsHidden(one));
}
