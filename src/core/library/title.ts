import type { LibraryEntry } from './entry.ts';

/** The last part of a path, whatever the platform. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

/** What a runbook is called: its title, or its file where it has none. */
export function titleOf(entry: Pick<LibraryEntry, 'title' | 'path'>): string {
  return entry.title.trim() === '' ? fileName(entry.path) : entry.title;
}
