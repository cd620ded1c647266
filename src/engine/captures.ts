import { atPointer } from '../core/runbook/json-pointer.ts';
import type { Capture } from '../core/runbook/model.ts';
import { readRegularExpression } from '../core/runbook/pattern/pattern.ts';

/**
 * Reads the values that a step promised from its standard output, or from the result of a
 * structured action. `missing` names the first one that is not there, and why.
 */
export function readCaptures(
  captures: readonly Capture[],
  output: string,
  results: Readonly<Record<string, string | number | boolean>> = {},
): { values: Record<string, string>; missing: { name: string; why: string } | null } {
  const values: Record<string, string> = {};
  for (const { name, from } of captures) {
    const found =
      from.how === 'last-line'
        ? lastLine(output)
        : from.how === 'pattern'
          ? firstGroup(output, from.pattern)
          : from.how === 'pointer'
            ? atJsonPointer(output, from.pointer)
            : ofResult(results, from.result);
    if (found.value === null) return { values, missing: { name, why: found.why } };
    values[name] = found.value;
  }
  return { values, missing: null };
}

type Found = { value: string } | { value: null; why: string };

function lastLine(output: string): Found {
  const line = output
    .split(/\r?\n/)
    .reverse()
    .find((candidate) => candidate.trim() !== '');
  return line === undefined
    ? { value: null, why: 'the step printed nothing' }
    : { value: line.trim() };
}

function firstGroup(output: string, pattern: string): Found {
  const expression = readRegularExpression(pattern, { lines: true });
  if (!expression.ok) {
    return { value: null, why: `/${pattern}/ cannot be used: ${expression.message}` };
  }
  const match = expression.pattern.exec(output);
  const value = match?.[1] ?? match?.[0];
  return value === undefined
    ? { value: null, why: `nothing in the output matches /${pattern}/` }
    : { value };
}

/** A value of a structured action's result. */
function ofResult(
  results: Readonly<Record<string, string | number | boolean>>,
  name: string,
): Found {
  const value = Object.hasOwn(results, name) ? results[name] : undefined;
  return value === undefined
    ? { value: null, why: `the result has no ${name}` }
    : { value: String(value) };
}

function atJsonPointer(output: string, pointer: string): Found {
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    return { value: null, why: 'the output is not one JSON document' };
  }
  const found = atPointer(json, pointer);
  if (!found) return { value: null, why: `the JSON has nothing at ${pointer}` };
  return { value: typeof found.value === 'string' ? found.value : JSON.stringify(found.value) };
}
