import { go } from '../shell/navigation.ts';

let aim: { run: string; seq: number } | null = null;

/** Opens the record of a run at one event of its ledger. */
export function openEvent(run: string, seq: number): void {
  aim = { run, seq };
  go('record', run);
}

/** The event at which the record of a run was opened, or null. */
export function aimedAt(run: string): number | null {
  return aim?.run === run ? aim.seq : null;
}

/** The record is open; whoever comes back to it later finds it from the top. */
export function forgetAim(): void {
  aim = null;
}
