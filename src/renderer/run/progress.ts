import { create } from 'zustand';
import type { RunEvent } from '../../core/run/events.ts';
import type { StepProgress } from '../../shared/ipc.ts';

/** How far a step has come, with what its speed is reckoned from. */
export interface KnownProgress extends StepProgress {
  /** When it was told, in ms since the epoch. */
  at: number;
  /** Earlier tellings of the same work, oldest first, about the last ten seconds of it. */
  earlier: readonly { at: number; done: number }[];
}

/** By run and step; a step that ended has none. */
export const useProgress = create<Record<string, KnownProgress>>()(() => ({}));

const window = 10_000;

export const progressKey = (run: string, step: string) => `${run}/${step}`;

/** What is known once `told` is, at `now`. Other work, or a fresh beginning, has no past. */
export function grownProgress(
  before: KnownProgress | undefined,
  told: StepProgress,
  now: number,
): KnownProgress {
  const goesOn = before !== undefined && before.label === told.label && before.done <= told.done;
  const past = goesOn ? [...before.earlier, { at: before.at, done: before.done }] : [];
  return { ...told, at: now, earlier: past.filter(({ at }) => now - at <= window) };
}

/** Units a second over the last seconds; null while too little is known. */
export function rateOf({ earlier, at, done }: KnownProgress): number | null {
  const [first] = earlier;
  if (first === undefined || at - first.at < 1000 || done <= first.done) return null;
  return ((done - first.done) * 1000) / (at - first.at);
}

/** How long it will still take at that speed, in ms; null while that is not known. */
export function leftMs(progress: KnownProgress): number | null {
  const rate = rateOf(progress);
  if (rate === null || progress.total === null) return null;
  return (Math.max(0, progress.total - progress.done) * 1000) / rate;
}

export function takeProgress(told: StepProgress): void {
  const key = progressKey(told.run, told.step);
  useProgress.setState((all) => ({ [key]: grownProgress(all[key], told, Date.now()) }));
}

/** A step that ended is where it is. */
export function forgetProgress(run: string, events: readonly RunEvent[]): void {
  for (const { body } of events) {
    if (body.kind !== 'step.acted' && body.kind !== 'step.ended') continue;
    const { [progressKey(run, body.step)]: gone, ...rest } = useProgress.getState();
    if (gone !== undefined) useProgress.setState(rest, true);
  }
}
