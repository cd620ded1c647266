import { describe, expect, it } from 'vitest';
import { type Clocks, compareClocks } from './clock-watch.ts';

const start: Clocks = { wall: 1_000_000, mono: 500, boot: 90_000 };
const later = (wall: number, mono: number, boot: number): Clocks => ({
  wall: start.wall + wall,
  mono: start.mono + mono,
  boot: start.boot + boot,
});

describe('comparing clocks', () => {
  it.each([
    ['time that passes', later(5_000, 5_000, 5_000), 0, 0],
    ['what measuring is off by', later(5_900, 5_000, 5_400), 0, 0],
    ['a clock set forward', later(65_000, 5_000, 5_000), 60_000, 0],
    ['a clock set back', later(-3_595_000, 5_000, 5_000), -3_600_000, 0],
    ['sleep', later(605_000, 5_000, 605_000), 0, 600_000],
    ['sleep and a clock set', later(665_000, 5_000, 605_000), 60_000, 600_000],
  ])('tells %s', (_, now, jumpedMs, sleptMs) => {
    expect(compareClocks(start, now)).toEqual({ jumpedMs, sleptMs });
  });
});
