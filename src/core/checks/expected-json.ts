import { z } from 'zod';
import { atPointer } from '../runbook/json-pointer.ts';
import { meets, parseThreshold } from './threshold.ts';

/**
 * What must stand where in a JSON answer, by JSON pointer: a text, number or boolean that it must
 * equal, or a comparison such as `< 100`; `present` for anything at all.
 */
export const expectedJson = z.record(
  z.string().regex(/^(\/.*)?$/, { error: 'is no JSON pointer, such as /status' }),
  z.union([z.string(), z.number(), z.boolean(), z.null()]),
);
export type ExpectedJson = z.infer<typeof expectedJson>;

/** What is not as expected, in words, one entry a place. */
export function unexpected(json: unknown, expected: ExpectedJson): string[] {
  return Object.entries(expected).flatMap(([pointer, wanted]) => {
    const found = atPointer(json, pointer);
    if (found === null) return [`there is nothing at ${pointer}`];
    return isAsWanted(found.value, wanted)
      ? []
      : [
          `${pointer} is ${shown(found.value)}, not ${typeof wanted === 'string' ? wanted : shown(wanted)}`,
        ];
  });
}

function isAsWanted(value: unknown, wanted: ExpectedJson[string]): boolean {
  if (wanted === 'present') return true;
  const threshold = typeof wanted === 'string' ? parseThreshold(wanted) : null;
  if (threshold === null) return value === wanted;
  return typeof value === 'number' && meets(threshold, value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
