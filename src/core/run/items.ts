import type { Each } from '../runbook/model.ts';
import type { Value } from './events.ts';

/** More items than this are no list that somebody wants done one by one. */
const MOST_ITEMS = 1_000;

/**
 * The items of a list: written in the runbook, or in a value as a JSON array, one a line, or
 * separated by commas. A text instead of items says why there are none.
 */
export function itemsIn(
  each: Pick<Each, 'of'>,
  values: Readonly<Record<string, Value>>,
): string[] | string {
  const { of } = each;
  if (of.from === 'items') return of.items;
  const value = Object.hasOwn(values, of.value) ? values[of.value] : undefined;
  if (value === undefined) return `${of.value} has no value.`;
  const items = split(String(value).trim());
  if (items === null) return `${of.value} is no list of texts.`;
  return items.length <= MOST_ITEMS
    ? items
    : `${of.value} has ${items.length} items; at most ${MOST_ITEMS} are done one by one.`;
}

function split(text: string): string[] | null {
  if (text === '') return [];
  if (text.startsWith('[')) {
    try {
      const value: unknown = JSON.parse(text);
      if (!Array.isArray(value)) return null;
      return value.every((item) => ['string', 'number', 'boolean'].includes(typeof item))
        ? value.map(String)
        : null;
    } catch {
      return null;
    }
  }
  const parts = text.includes('\n') ? text.split(/\r?\n/) : text.split(',');
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
