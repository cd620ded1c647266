import { create } from 'zustand';
import { type Problem, toProblem } from '../../core/problem.ts';
import type { Adoption, OpenRunbook } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { refreshLibrary } from '../library/store.ts';
import { announce } from '../shell/announce.ts';
import { go } from '../shell/navigation.ts';

interface Adopting {
  /** Of which text of which guide the rest is. */
  path: string | null;
  sha256: string | null;
  adoption: Adoption | null;
  problem: Problem | null;
  busy: boolean;
}

const nothing = { adoption: null, problem: null, busy: false };

/** The guide that is about to be adopted. */
export const useAdopting = create<Adopting>()(() => ({ path: null, sha256: null, ...nothing }));

type File = Pick<OpenRunbook, 'path' | 'sha256'>;

function set(of: File, changed: Partial<Adopting>): void {
  const { path, sha256 } = useAdopting.getState();
  if (path === of.path && sha256 === of.sha256) useAdopting.setState(changed);
}

/** Asks what adopting the guide as it is shown would write. */
export function loadAdoption({ path, sha256 }: File): void {
  useAdopting.setState({ path, sha256, ...nothing });
  ask('runbook.adoption', { path, sha256 }).then(
    (adoption) => set({ path, sha256 }, { adoption }),
    (thrown) => set({ path, sha256 }, { problem: toProblem(thrown) }),
  );
}

/** Writes the copy and opens it. */
export function writeCopy({ path, sha256 }: File): void {
  if (useAdopting.getState().busy) return;
  set({ path, sha256 }, { busy: true, problem: null });
  ask('runbook.adopt', { path, sha256 }).then(
    (copy) => {
      set({ path, sha256 }, { busy: false });
      announce('The copy was written. It is shown now.');
      void refreshLibrary();
      go('library', copy);
    },
    (thrown) => set({ path, sha256 }, { busy: false, problem: toProblem(thrown) }),
  );
}
