import type { ActionKind, Spec } from './kind.ts';

/**
 * `${NAME}` in a structured action stands for an input, a capture or an answer. A text that is one
 * reference and nothing else becomes the value with its type; within a longer text the value is
 * put in as text. `$${NAME}` is the text `${NAME}`. Keys are never replaced.
 */
const REFERENCE = /\$?\$\{([A-Za-z_][A-Za-z0-9_]{0,99})\}/g;
const WHOLE = /^\$\{([A-Za-z_][A-Za-z0-9_]{0,99})\}$/;

export type Resolved = { ok: true; value: unknown } | { ok: false; missing: string };

/** `value` with its references replaced; `missing` names the first one that has no value. */
export function resolveReferences(
  value: unknown,
  values: Readonly<Record<string, string | number | boolean>>,
): Resolved {
  return replace(value, values, () => false);
}

/**
 * A body as its kind's schema takes it: references replaced, but for the texts that the kind quotes
 * values into by itself (`keeps`); those stay as they are, and their values stand under `values`.
 */
export function resolveSpec(
  { keeps }: Pick<ActionKind, 'keeps'>,
  spec: Spec,
  values: Readonly<Record<string, string | number | boolean>>,
): Resolved {
  if (keeps === undefined) return resolveReferences(spec, values);
  const kept: string[] = [];
  const replaced = replace(spec, values, (text, path) => {
    const isKept = keeps.some((pattern) => matches(pattern, path));
    if (isKept) kept.push(text);
    return isKept;
  });
  if (!replaced.ok || kept.length === 0) return replaced;
  const own = referencesIn(kept).map((name) => [name, `\${${name}}`]);
  const given = resolveReferences(Object.fromEntries(own), values);
  if (!given.ok) return given;
  return { ok: true, value: Object.assign({}, replaced.value, { values: given.value }) };
}

/** `checks.*.query` and the keys on the way to a text. */
function matches(pattern: string, path: readonly string[]): boolean {
  const parts = pattern.split('.');
  return (
    parts.length === path.length && parts.every((part, at) => part === '*' || part === path[at])
  );
}

function replace(
  value: unknown,
  values: Readonly<Record<string, string | number | boolean>>,
  isKept: (text: string, path: readonly string[]) => boolean,
): Resolved {
  let missing: string | null = null;
  const lookUp = (name: string): string | number | boolean => {
    const found = Object.hasOwn(values, name) ? values[name] : undefined;
    if (found === undefined) missing ??= name;
    return found ?? '';
  };
  const resolved = mapTexts(value, (text, path) => {
    if (isKept(text, path)) return text;
    const whole = WHOLE.exec(text)?.[1];
    if (whole !== undefined) return lookUp(whole);
    return text.replace(REFERENCE, (match, name: string) =>
      match.startsWith('$$') ? match.slice(1) : String(lookUp(name)),
    );
  });
  return missing === null ? { ok: true, value: resolved } : { ok: false, missing };
}

/** The names that `value` refers to, each once, in order. */
export function referencesIn(value: unknown): string[] {
  const names = new Set<string>();
  mapTexts(value, (text) => {
    for (const match of text.matchAll(REFERENCE)) {
      if (!match[0].startsWith('$$') && match[1] !== undefined) names.add(match[1]);
    }
    return text;
  });
  return [...names];
}

function mapTexts(
  value: unknown,
  change: (text: string, path: readonly string[]) => unknown,
  path: readonly string[] = [],
): unknown {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) {
    return value.map((entry, index) => mapTexts(entry, change, [...path, String(index)]));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, change, [...path, key])]),
    );
  }
  return value;
}
