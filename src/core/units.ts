/** Durations, sizes and times between text that people write and numbers that code uses. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: Record<string, number> = {
  ms: 1,
  msec: 1,
  millisecond: 1,
  milliseconds: 1,
  s: SECOND,
  sec: SECOND,
  secs: SECOND,
  second: SECOND,
  seconds: SECOND,
  m: MINUTE,
  min: MINUTE,
  mins: MINUTE,
  minute: MINUTE,
  minutes: MINUTE,
  h: HOUR,
  hr: HOUR,
  hrs: HOUR,
  hour: HOUR,
  hours: HOUR,
  d: DAY,
  day: DAY,
  days: DAY,
  w: 7 * DAY,
  week: 7 * DAY,
  weeks: 7 * DAY,
};

/** No duration in a runbook needs more characters; a bound keeps the parser linear on any text. */
const LONGEST_DURATION = 64;

/**
 * Milliseconds of `30s`, `5m`, `1h30m`, `500ms`, `90d`, `15 minutes`, `1 hour and 30 minutes`, or
 * null when the text is no duration. A bare `0` is one; any other number needs a unit.
 */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '0') return 0;
  if (trimmed === '' || trimmed.length > LONGEST_DURATION) return null;
  const part = /\s*(?:,\s*|and\s+)?(\d+(?:\.\d+)?)\s*([a-z]+)/y;
  let total = 0;
  let at = 0;
  while (at < trimmed.length) {
    part.lastIndex = at;
    const match = part.exec(trimmed);
    if (match === null) return null;
    const unit = UNITS[match[2] ?? ''];
    if (unit === undefined || !Object.hasOwn(UNITS, match[2] ?? '')) return null;
    total += Number(match[1]) * unit;
    at = part.lastIndex;
  }
  return Number.isFinite(total) ? Math.round(total) : null;
}

/** The two largest units that count: `850 ms`, `42 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < SECOND) {
    const rounded = Math.round(ms);
    if (rounded < SECOND) return `${rounded} ms`;
  }
  const seconds = Math.round(ms / SECOND);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A running clock: `00:12:41`, hours beyond 99 as they are, whole seconds rounded down. */
export function formatClock(ms: number): string {
  const seconds = Number.isFinite(ms) ? Math.max(0, Math.floor(ms / SECOND)) : 0;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/**
 * Bytes of `10 MB`, `1.5GB`, `64KiB` or a bare number, or null when the text is no size. Decimal
 * units count by 1000, those with an `i` by 1024.
 */
export function parseBytes(text: string): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*(?:([kmgtpe]?)(i?)b?)$/i.exec(text.trim());
  if (match === null) return null;
  const power = 'kmgtpe'.indexOf((match[2] ?? '').toLowerCase() || '-') + 1;
  const bytes = Number(match[1]) * (match[3] ? 1024 : 1000) ** power;
  return Number.isFinite(bytes) ? Math.round(bytes) : null;
}

/** Whole numbers in groups of three: `12,345`. Without `Intl`, whose first use takes 10 ms. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** Decimal (SI) sizes with one decimal below 10 of a unit and where it says something: `1.2 GB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–';
  if (bytes < 0) return `-${formatBytes(-bytes)}`;
  let value = bytes;
  let unit = 0;
  // 999.95 and above would round to 1000.0, so it belongs to the next unit.
  while (value >= (unit === 0 ? 1000 : 999.95) && unit < SIZES.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = unit === 0 ? String(Math.round(value)) : value.toFixed(1).replace(/\.0$/, '');
  return `${text} ${SIZES[unit]}`;
}

/** `14:02:11 (UTC 13:02:11)` in the given IANA zone; in UTC itself just `13:02:11 UTC`. */
export function formatTime(iso: string, timeZone: string): string {
  return inZoneAndUtc(iso, timeZone, false);
}

/** `2026-03-29 14:02:11 (UTC 13:02:11)`; the UTC date too where it is another day. */
export function formatDateTime(iso: string, timeZone: string): string {
  return inZoneAndUtc(iso, timeZone, true);
}

function inZoneAndUtc(iso: string, timeZone: string, withDate: boolean): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const utc = wallClock(date, 'UTC');
  // A zone this system does not know must not keep a record from being read.
  const local = zoneIsKnown(timeZone) ? wallClock(date, timeZone) : utc;
  const shown = withDate ? `${local.date} ${local.time}` : local.time;
  if (timeZone === 'UTC' || local === utc) return `${shown} UTC`;
  const utcShown = withDate && local.date !== utc.date ? `${utc.date} ${utc.time}` : utc.time;
  return `${shown} (UTC ${utcShown})`;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

function formatFor(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch {
    format = null;
  }
  formats.set(timeZone, format);
  return format;
}

function zoneIsKnown(timeZone: string): boolean {
  return formatFor(timeZone) !== null;
}

function wallClock(date: Date, timeZone: string): { date: string; time: string } {
  const parts: Record<string, string> = {};
  for (const part of formatFor(timeZone)?.formatToParts(date) ?? []) parts[part.type] = part.value;
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}:${parts.second}`,
  };
}

/** What somebody typed, with the full stop that a sentence after it needs. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?…:]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
