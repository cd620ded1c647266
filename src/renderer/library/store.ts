import { create } from 'zustand';
import { type Problem, toProblem } from '../../core/problem.ts';
import type { LibraryEntry, LibraryGroup, OpenRunbook } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { go } from '../shell/navigation.ts';
import { report } from '../shell/problems.ts';

interface Library {
  /** Null until main answered for the first time. */
  groups: LibraryGroup[] | null;
  query: string;
  /** The runbook whose page was opened last. */
  open: OpenRunbook | null;
  problem: { path: string; problem: Problem } | null;
}

export const useLibrary = create<Library>()(() => ({
  groups: null,
  query: '',
  open: null,
  problem: null,
}));

export function refreshLibrary(): void {
  ask('library.list').then((groups) => useLibrary.setState({ groups }), report);
}

/** Reads a runbook for its page. The text on the page is the text that a run would use. */
export async function openRunbook(path: string): Promise<void> {
  try {
    useLibrary.setState({ open: await ask('runbook.open', { path }), problem: null });
  } catch (thrown) {
    useLibrary.setState({ problem: { path, problem: toProblem(thrown) } });
  }
}

export function chooseFile(): void {
  ask('runbook.choose').then((path) => {
    if (path !== null) go('library', path);
  }, report);
}

export function addFolder(): void {
  ask('library.addFolder').then((path) => {
    if (path !== null) refreshLibrary();
  }, report);
}

export function removeFolder(path: string): void {
  ask('library.removeFolder', { path }).then(refreshLibrary, report);
}

/** The last part of a path, whatever the platform. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

export function titleOf(entry: Pick<LibraryEntry, 'title' | 'path'>): string {
  return entry.title.trim() === '' ? fileName(entry.path) : entry.title;
}
