import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asSentence,
  formatBytes,
  formatClock,
  formatCount,
  formatDateTime,
  formatDuration,
  formatTime,
  parseBytes,
  parseDuration,
} from './units.ts';

describe('parseBytes', () => {
  it.each([
    ['0', 0],
    ['10', 10],
    ['10 MB', 10_000_000],
    ['1.5GB', 1_500_000_000],
    ['64KiB', 65_536],
    ['2Gi', 2_147_483_648],
    ['3 k', 3000],
  ])('reads %j', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  it.each(['', 'MB', '-1', '10 XB', '1e9', '1 2'])('does not read %j', (text) =>
    expect(parseBytes(text)).toBeNull(),
  );
});

describe('parseDuration', () => {
  it.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['90d', 7_776_000_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['15 minutes', 900_000],
    ['1 hour', 3_600_000],
    ['2 hrs', 7_200_000],
    ['24h', 86_400_000],
    ['1 hour and 30 minutes', 5_400_000],
    ['1.5 h', 5_400_000],
    [' 10 Min ', 600_000],
    ['0', 0],
  ])('reads %j', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    '',
    'soon',
    '5',
    '5 parsecs',
    'm5',
    '-5m',
    '5m later',
    '1e9s',
    '5 toString',
    'x'.repeat(1e5),
  ])('refuses %j', (text) => expect(parseDuration(text)).toBeNull());

  it('is total', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseDuration(text)));
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [999.7, '1 s'],
    [42_000, '42 s'],
    [59_999, '1 min'],
    [250_000, '4 min 10 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [-250_000, '-4 min 10 s'],
    [Number.NaN, '–'],
  ])('shows %d', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('never shows 60 of a unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e10 }), (ms) => {
        expect(formatDuration(ms)).not.toMatch(/\b60 (?:s|min)|\b24 h/);
      }),
    );
  });
});

describe('formatClock', () => {
  it.each([
    [0, '00:00:00'],
    [761_999, '00:12:41'],
    [360_000_000, '100:00:00'],
    [-5, '00:00:00'],
  ])('shows %d', (ms, text) => expect(formatClock(ms)).toBe(text));
});

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
  ])('shows %d', (count, text) => expect(formatCount(count)).toBe(text));
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1_234_567_890, '1.2 GB'],
    [999_960, '1 MB'],
    [5_000_000, '5 MB'],
  ])('shows %d', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('times', () => {
  const iso = '2026-03-01T23:02:11.000Z';

  it('shows the local time and UTC', () => {
    expect(formatTime(iso, 'Europe/Berlin')).toBe('00:02:11 (UTC 23:02:11)');
    expect(formatTime(iso, 'UTC')).toBe('23:02:11 UTC');
  });

  it('shows the UTC date where it is another', () => {
    expect(formatDateTime(iso, 'Europe/Berlin')).toBe(
      '2026-03-02 00:02:11 (UTC 2026-03-01 23:02:11)',
    );
    expect(formatDateTime('2026-03-01T12:00:00Z', 'Europe/Berlin')).toBe(
      '2026-03-01 13:00:00 (UTC 12:00:00)',
    );
  });

  it('shows what it cannot read, and UTC for a zone it does not know', () => {
    expect(formatTime('yesterday', 'UTC')).toBe('yesterday');
    expect(formatTime(iso, 'Mars/Olympus')).toBe('23:02:11 UTC');
  });
});

describe('what somebody typed', () => {
  it('ends as a sentence does, once', () => {
    expect(asSentence('Wrong site')).toBe('Wrong site.');
    expect(asSentence(' Wrong site. ')).toBe('Wrong site.');
    expect(asSentence('Why?')).toBe('Why?');
    expect(asSentence('')).toBe('');
  });
});
