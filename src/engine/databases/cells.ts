import type { Cell } from '../../core/sql/table.ts';

const BOOLEAN = 16;
const NUMBERS = new Set([21, 23, 26, 700, 701]);
const TIME_WITH_ZONE = 1184;

/**
 * The parser for a PostgreSQL type, by its OID. Numbers that a double holds exactly become numbers;
 * int8 and numeric stay text, so that no digit is lost. A `timestamptz` of a session in UTC becomes
 * ISO 8601, because captures of it are read as times.
 */
export function parseCell(oid: number): (text: string) => Cell {
  if (oid === BOOLEAN) return (text) => text === 't';
  if (NUMBERS.has(oid)) return (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
  if (oid === TIME_WITH_ZONE) return isoTime;
  return (text) => text;
}

function isoTime(text: string): string {
  const [, date, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/.exec(text) ?? [];
  return date === undefined || time === undefined ? text : `${date}T${time}Z`;
}
