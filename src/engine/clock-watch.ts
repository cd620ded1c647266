import { uptime } from 'node:os';

/** How often the clocks of a run that waits are compared, in ms. */
export const CLOCK_LOOK_MS = 5_000;
/** Differences below this are those of measuring, in ms. */
const NOTICE_MS = 2_000;

/** Readings of the three clocks of a machine, in ms. */
export interface Clocks {
  /** The wall clock, which people and network time set. */
  wall: number;
  /** Runs evenly, and stands still while the machine sleeps. */
  mono: number;
  /** Runs evenly, also while the machine sleeps. */
  boot: number;
}

/**
 * What happened between two readings: how far the wall clock was set, and how long the machine
 * slept, both in ms and 0 where nothing is to be noticed.
 */
export function compareClocks(before: Clocks, now: Clocks): { jumpedMs: number; sleptMs: number } {
  const boot = now.boot - before.boot;
  const slept = boot - (now.mono - before.mono);
  const jumped = now.wall - before.wall - boot;
  return {
    jumpedMs: Math.abs(jumped) >= NOTICE_MS ? Math.round(jumped) : 0,
    sleptMs: slept >= NOTICE_MS ? Math.round(slept) : 0,
  };
}

export function readClocks(): Clocks {
  return { wall: Date.now(), mono: performance.now(), boot: uptime() * 1000 };
}
