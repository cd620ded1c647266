import { create } from 'zustand';
import { type Problem, toProblem } from '../../core/problem.ts';
import type { LibraryGroup, OpenRunbook } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { go } from '../shell/navigation.ts';
import { report } from '../shell/problems.ts';

interface Library {
  /** Null until main answered for the first time. */
  groups: LibraryGroup[] | null;
  /** The runbook whose page was opened last. */
  open: OpenRunbook | null;
  problem: { path: string; problem: Problem } | null;
}

export const useLibrary = create<Library>()(() => ({
  groups: null,
  open: null,
  problem: null,
}));

/** A runbook was opened after the list was asked for: it is the first of the recent ones now. */
let isOlder = false;

/** Settles when the list is here, or main said why not. */
export function refreshLibrary(): Promise<void> {
  isOlder = false;
  return ask('library.list').then((groups) => useLibrary.setState({ groups }), report);
}

export function refreshOlder(): void {
  if (isOlder) void refreshLibrary();
}

let opening = 0;

/**
 * Reads a runbook for its page. The text on the page is the text that a run would use; where it
 * cannot be read again, the text that was read before stays, with the reason.
 */
export async function openRunbook(path: string): Promise<void> {
  opening += 1;
  isOlder = true;
  const turn = opening;
  try {
    const open = await ask('runbook.open', { path });
    // An older answer may come after a newer one.
    if (turn === opening) useLibrary.setState({ open, problem: null });
  } catch (thrown) {
    if (turn === opening) useLibrary.setState({ problem: { path, problem: toProblem(thrown) } });
  }
}

/** The file that was opened last changed on disk: its page shows what it holds now. */
export function takeChange(path: string): void {
  const { open, problem } = useLibrary.getState();
  if (open?.path === path || problem?.path === path) void openRunbook(path);
}

export function chooseFile(): void {
  ask('runbook.choose').then((path) => {
    if (path !== null) go('library', path);
  }, report);
}

export function addFolder(): void {
  ask('library.addFolder').then((path) => {
    if (path !== null) void refreshLibrary();
  }, report);
}

export function removeFolder(path: string): void {
  ask('library.removeFolder', { path }).then(refreshLibrary, report);
}

export function pin(path: string, pinned: boolean): void {
  ask('library.pin', { path, pinned }).catch(report);
}
