import type { Value } from '../run/events.ts';
import type { InputSpec } from './model.ts';
import { readRegularExpression } from './pattern/pattern.ts';

/** Why a value cannot be used, in words for the person who gave it. */
export interface InputProblem {
  name: string;
  message: string;
}

export type ResolvedInputs =
  | { ok: true; values: Record<string, Value> }
  | { ok: false; problems: InputProblem[] };

/** In characters. */
const LONGEST = 1000;

/**
 * The values of a run from what was given, typed and checked: defaults filled in, an empty text
 * taken as not given. Secrets are left out, because their values come from where they are kept;
 * proposed inputs are optional, because no command reads them yet. All problems are found at once.
 */
export function resolveInputs(
  specs: readonly InputSpec[],
  given: Readonly<Record<string, Value>>,
): ResolvedInputs {
  const values: Record<string, Value> = {};
  const problems: InputProblem[] = [];
  const names = new Set(specs.map((spec) => spec.name));
  for (const name of Object.keys(given)) {
    if (!names.has(name)) {
      problems.push({ name, message: `The runbook has no input "${name}".` });
    }
  }
  for (const spec of specs) {
    const { name } = spec;
    const own = Object.hasOwn(given, name) ? given[name] : undefined;
    const isGiven = own !== undefined && own !== '';
    if (spec.type === 'secret') {
      if (isGiven) {
        problems.push({ name, message: `${name} is a secret; it is read from ${spec.secret}.` });
      }
      continue;
    }
    const value = isGiven ? own : spec.default;
    if (value === null) {
      if (!spec.proposed) problems.push({ name, message: `${name} needs a value.` });
      continue;
    }
    const checked = checkInput(spec, value);
    if (checked.ok) values[name] = checked.value;
    else problems.push({ name, message: checked.message });
  }
  return problems.length === 0 ? { ok: true, values } : { ok: false, problems };
}

/** One value, typed as its input says, or what is wrong with it. */
export function checkInput(
  spec: InputSpec,
  given: Value,
): { ok: true; value: Value } | { ok: false; message: string } {
  const { name } = spec;
  const text = String(given);
  const wrong = (message: string): { ok: false; message: string } => ({ ok: false, message });
  if (text.length > LONGEST) return wrong(`${name} is longer than ${LONGEST} characters.`);
  if (text.includes('\0')) return wrong(`${name} holds a character that no command can receive.`);
  if (spec.pattern !== null && !matches(spec.pattern, text)) {
    return wrong(`${name} does not have the form ${spec.pattern}.${hint(spec)}`);
  }
  switch (spec.type) {
    case 'number': {
      const number = /^\s*[-+]?\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;
      if (!Number.isFinite(number)) return wrong(`${name} must be a number, such as 3 or 0.5.`);
      return { ok: true, value: number };
    }
    case 'boolean': {
      const word = text.trim().toLowerCase();
      if (word === 'true' || word === 'yes') return { ok: true, value: true };
      if (word === 'false' || word === 'no') return { ok: true, value: false };
      return wrong(`${name} must be true or false.`);
    }
    case 'choice':
      if (spec.choices.includes(text)) return { ok: true, value: text };
      return wrong(`${name} must be one of ${spec.choices.join(', ')}.`);
    case 'date':
      if (isDate(text)) return { ok: true, value: text };
      return wrong(`${name} must be a date of the calendar, such as 2026-03-29.`);
    default:
      return { ok: true, value: text };
  }
}

function hint(spec: InputSpec): string {
  return spec.help === null ? '' : ` ${spec.help}`;
}

/** A pattern that is none was reported when the runbook was read; it holds nobody up here. */
function matches(pattern: string, text: string): boolean {
  const result = readRegularExpression(pattern);
  return !result.ok || result.pattern.test(text);
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
