import { z } from 'zod';
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
  let missing: string | null = null;
  const lookUp = (name: string): string | number | boolean => {
    const found = Object.hasOwn(values, name) ? values[name] : undefined;
    if (found === undefined) missing ??= name;
    return found ?? '';
  };
  const resolved = mapTexts(value, (text) => {
    const whole = WHOLE.exec(text)?.[1];
    if (whole !== undefined) return lookUp(whole);
    return text.replace(REFERENCE, (match, name: string) =>
      match.startsWith('$$') ? match.slice(1) : String(lookUp(name)),
    );
  });
  return missing === null ? { ok: true, value: resolved } : { ok: false, missing };
}

/**
 * A body as its kind's schema takes it: references replaced, but for a text whose kind quotes
 * values itself (`body.values`); that one is left as it is, and its values stand beside it.
 */
export function resolveSpec(
  body: ActionKind['body'],
  spec: Spec,
  values: Readonly<Record<string, string | number | boolean>>,
): Resolved {
  if (body === 'yaml' || body.values === undefined) return resolveReferences(spec, values);
  const { [body.key]: text, ...attributes } = spec;
  const own = Object.fromEntries(referencesIn(text).map((name) => [name, `\${${name}}`]));
  const resolved = resolveReferences({ attributes, own }, values);
  if (!resolved.ok) return resolved;
  const parts = resolvedParts.parse(resolved.value);
  return { ok: true, value: { ...parts.attributes, [body.key]: text, [body.values]: parts.own } };
}

const resolvedParts = z.object({
  attributes: z.record(z.string(), z.unknown()),
  own: z.record(z.string(), z.unknown()),
});

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

function mapTexts(value: unknown, change: (text: string) => unknown): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((entry) => mapTexts(entry, change));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, change)]),
    );
  }
  return value;
}
