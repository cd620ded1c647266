import { describePlace, type Place } from '../objects/cluster.ts';
import { changedSinceStep, onCurrent } from './changed-since.ts';

/** An object that a step changed, as it is now. */
export interface Found {
  version: string | undefined;
  /** It is again as it was before the step. */
  isBack: boolean;
  /** What others did to what the step left, in words. */
  others: string[];
}

/**
 * Takes back what a step did to objects, and returns those that it wrote: what is back already stays as
 * it is. All are looked at before the first is written, and where others changed what the step left, none
 * is. `write` names the version that was looked at, so that no change in between is lost. An object that
 * was made anew counts as the same one: to take back its deletion makes it anew too. Throws MusterError.
 */
export async function takeBackEach<T extends { place: Place }, F extends Found>(
  touched: readonly T[],
  look: (one: T) => Promise<F>,
  write: (one: T, found: F) => Promise<unknown>,
): Promise<T[]> {
  const told: string[] = [];
  for (const one of touched) told.push(...changesOf(one, await look(one)));
  if (told.length > 0) throw changedSinceStep(told, 'Nothing was put back.');
  const written: T[] = [];
  for (const one of touched) {
    await onCurrent(async () => {
      const found = await look(one);
      const since = changesOf(one, found);
      if (since.length > 0) throw changedSinceStep(since, 'Some objects may be put back already.');
      if (found.isBack) return;
      await write(one, found);
      written.push(one);
    });
  }
  return written;
}

function changesOf({ place }: { place: Place }, { others }: Found): string[] {
  return others.length === 0 ? [] : [`${describePlace(place)}: ${others.join('; ')}`];
}
