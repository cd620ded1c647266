import { type Pattern, readRegularExpression } from '../runbook/pattern/pattern.ts';

/**
 * Patterns of keys: `*` stands for anything but a slash, `**` for anything, `?` for one character,
 * and the letters of `date` for a time: `%Y %m %d %H %M %S`, `%s` (seconds since 1970) and `%z`
 * (`Z`, `+0200` or `+02:00`). Without `%z` the time is UTC. `%%` is a percent sign.
 */
export interface KeyPattern {
  test(key: string): boolean;
  /** True where the pattern says a day, so that keys have a time. */
  hasTime: boolean;
  /** The time that the key says, in UTC; null where it does not match or there is no such day. */
  timeOf(key: string): Date | null;
}

export type KeyPatternResult = { ok: true; pattern: KeyPattern } | { ok: false; message: string };

const FIELDS: Readonly<Record<string, string>> = {
  Y: '(\\d{4})',
  m: '(\\d{2})',
  d: '(\\d{2})',
  H: '(\\d{2})',
  M: '(\\d{2})',
  S: '(\\d{2})',
  s: '(\\d{1,11})',
  z: '(Z|[+-]\\d{2}:?\\d{2})',
};

const TOKEN = /%.|\*\*|[*?]|[^%*?]+|%/gs;

export function readKeyPattern(source: string): KeyPatternResult {
  const fields: string[] = [];
  let expression = '^';
  for (const [token] of source.matchAll(TOKEN)) {
    const letter = token.startsWith('%') ? (token[1] ?? '') : null;
    if (token === '**') expression += '[\\s\\S]*';
    else if (token === '*') expression += '[^/]*';
    else if (token === '?') expression += '[^/]';
    else if (letter === null) expression += escaped(token);
    else if (letter === '%') expression += '%';
    else {
      const field = Object.hasOwn(FIELDS, letter) ? FIELDS[letter] : undefined;
      if (field === undefined) return { ok: false, message: `%${letter} is no part of a time` };
      if (fields.includes(letter)) return { ok: false, message: `it says %${letter} twice` };
      fields.push(letter);
      expression += field;
    }
  }
  const hasTime = fields.includes('s') || ['Y', 'm', 'd'].every((field) => fields.includes(field));
  if (fields.length > 0 && !hasTime) {
    return { ok: false, message: 'a time needs %Y, %m and %d, or %s' };
  }
  const read = readRegularExpression(`${expression}$`);
  if (!read.ok) return read;
  return { ok: true, pattern: keyPattern(read.pattern, fields, hasTime) };
}

function keyPattern(pattern: Pattern, fields: readonly string[], hasTime: boolean): KeyPattern {
  return {
    test: (key) => pattern.test(key),
    hasTime,
    timeOf(key) {
      const groups = hasTime ? pattern.exec(key) : null;
      if (groups === null) return null;
      return timeOfFields(new Map(fields.map((field, index) => [field, groups[index + 1] ?? ''])));
    },
  };
}

function timeOfFields(fields: ReadonlyMap<string, string>): Date | null {
  const seconds = fields.get('s');
  if (seconds !== undefined) return new Date(Number(seconds) * 1000);
  const number = (field: string, missing: number): number => Number(fields.get(field) ?? missing);
  const parts = [number('Y', 0), number('m', 1), number('d', 1)] as const;
  const clock = [number('H', 0), number('M', 0), number('S', 0)] as const;
  const time = new Date(0);
  // Not Date.UTC, which reads the years 0 to 99 as 1900 to 1999.
  time.setUTCFullYear(parts[0], parts[1] - 1, parts[2]);
  time.setUTCHours(...clock);
  // A day or an hour that does not exist rolls over into another one: no time.
  const isReal =
    time.getUTCMonth() === parts[1] - 1 &&
    time.getUTCDate() === parts[2] &&
    clock[0] < 24 &&
    clock[1] < 60 &&
    clock[2] < 60;
  return isReal ? new Date(time.getTime() - zoneOffset(fields.get('z') ?? 'Z')) : null;
}

/** In ms, east of Greenwich positive. */
function zoneOffset(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
