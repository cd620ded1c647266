import { useEffect } from 'react';
import { create } from 'zustand';
import type { FolderInGit, LibraryGroup } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';

/** What git says of the folders of the library, by path. Asked for after they are listed. */
const useGit = create<Record<string, FolderInGit | null>>()(() => ({}));

export function useFolderInGit(path: string): FolderInGit | null {
  return useGit((folders) => folders[path] ?? null);
}

/** Asks again whenever the library was listed anew: what changed a file may have changed this. */
export function useGitOf(groups: readonly LibraryGroup[] | null): void {
  useEffect(() => {
    // When the list stands and nothing else is to be done: git is a program that has to be started.
    const asking = requestIdleCallback(() => {
      for (const group of groups ?? []) {
        if (group.source !== 'folder') continue;
        const { path } = group;
        // Where git cannot say anything, nothing is shown.
        ask('library.git', { path }).then(
          (found) => useGit.setState({ [path]: found }),
          () => useGit.setState({ [path]: null }),
        );
      }
    });
    return () => cancelIdleCallback(asking);
  }, [groups]);
}
