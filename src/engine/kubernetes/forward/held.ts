import type { Forward } from './forward.ts';

/** The port-forwards that runs hold for their later steps, by run and name. */
const held = new Map<string, Map<string, Forward>>();

/** Keeps a forward for a run; one of the same name that was there before is closed. */
export async function holdForward(run: string, name: string, forward: Forward): Promise<void> {
  const ofRun = held.get(run) ?? new Map<string, Forward>();
  held.set(run, ofRun);
  const before = ofRun.get(name);
  ofRun.set(name, forward);
  await before?.close();
}

/** The forward of this name that a run holds, or null. */
export function heldForward(run: string, name: string): Forward | null {
  return held.get(run)?.get(name) ?? null;
}

/** Closes one of a run's forwards; false where there is none of that name. */
export async function closeForward(run: string, name: string): Promise<boolean> {
  const forward = heldForward(run, name);
  held.get(run)?.delete(name);
  await forward?.close();
  return forward !== null;
}

/** Closes all forwards of a run. To be called at its end and when Muster lets go of it. */
export async function closeForwards(run: string): Promise<void> {
  const forwards = [...(held.get(run)?.values() ?? [])];
  held.delete(run);
  await Promise.all(forwards.map((forward) => forward.close()));
}
