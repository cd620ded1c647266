import { type Measure, measure } from '../../core/run/objectives.ts';
import type { RunState } from '../../core/run/state.ts';
import { formatDuration } from '../../core/units.ts';

export interface ClockReading {
  name: 'RTO' | 'RPO';
  meaning: string;
  /** Null when there is nothing to show yet. */
  ms: number | null;
  promisedMs: number | null;
  level: 'calm' | 'amber' | 'red';
  words: string;
}

/** Calm until three quarters of the objective, amber after, red past it. */
export function levelOf(ms: number | null, promisedMs: number | null): ClockReading['level'] {
  if (ms === null || promisedMs === null) return 'calm';
  if (ms > promisedMs) return 'red';
  return ms > promisedMs * 0.75 ? 'amber' : 'calm';
}

const second = 1000;
const coarse = (ms: number) => formatDuration(Math.max(second, Math.round(ms / second) * second));

function rtoWords(measured: Measure, ms: number | null, declared: boolean): string {
  if (!declared) return 'not declared';
  if (ms === null) return '';
  const promised = measured.rtoPromisedMs;
  const proven = measured.rtoMs !== null;
  if (promised === null) return proven ? 'proven' : 'running';
  if (ms > promised) return `${coarse(ms - promised)} ${proven ? 'late' : 'past'}`;
  return proven ? 'met' : `${coarse(promised - Math.floor(ms / second) * second)} left`;
}

function rpoWords(ms: number | null, promised: number | null): string {
  if (ms === null) return 'not proven yet';
  if (ms < 0) return 'nothing lost';
  if (promised === null) return 'proven';
  return ms > promised ? `${coarse(ms - promised)} too much` : 'within';
}

/** The share of the promise that is used up; what was promised tightest comes first. */
function used(measured: Measure, running: number | null): number {
  const ms = measured.rtoMs ?? running;
  if (ms === null || measured.rtoPromisedMs === null) return 0;
  return ms / measured.rtoPromisedMs;
}

/**
 * Two clocks, for the component that is most at risk: unproven before proven, then the largest
 * share of its promise. The others stand in the side panel.
 */
export function readClocks(state: RunState, now: number): ClockReading[] {
  const measures = measure(state);
  const declared = state.declaredAt === null ? null : Date.parse(state.declaredAt);
  if (measures.length === 0 && declared === null) return [];
  const until = state.ended === null ? now : Date.parse(state.ended.at);
  const running = declared === null ? null : Math.max(0, until - declared);
  const open = measures.filter((one) => one.rtoMs === null && one.rtoPromisedMs !== null);
  const [worst] = (open.length > 0 ? open : measures).toSorted(
    (a, b) => used(b, running) - used(a, running),
  );
  const measured: Measure = worst ?? {
    component: 'all',
    rtoPromisedMs: null,
    rtoMs: null,
    rpoPromisedMs: null,
    rpoMs: null,
    verdict: 'unproven',
  };
  const of = measures.length > 1 ? ` of ${measured.component}` : '';
  // A measured time is rounded as everywhere else; a running clock counts whole seconds.
  const rto = measured.rtoMs === null ? running : Math.round(measured.rtoMs / second) * second;
  const rpo = measured.rpoMs;
  return [
    {
      name: 'RTO',
      meaning: `recovery time${of}, from declared to its proof`,
      ms: rto,
      promisedMs: measured.rtoPromisedMs,
      level: levelOf(rto, measured.rtoPromisedMs),
      words: rtoWords(measured, rto, declared !== null),
    },
    {
      name: 'RPO',
      meaning: `data loss${of}, from the recovery point to declared`,
      ms: rpo === null ? null : Math.max(0, rpo),
      promisedMs: measured.rpoPromisedMs,
      level: levelOf(rpo, measured.rpoPromisedMs),
      words: rpoWords(rpo, measured.rpoPromisedMs),
    },
  ];
}
