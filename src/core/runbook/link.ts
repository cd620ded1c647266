import type { Called, Phase, Runbook, Step } from './model.ts';

/** The file that a step calls, as it was read. */
export interface CalledFile {
  path: string;
  sha256: string;
  runbook: Runbook;
}

/**
 * The runbook with the ones that it calls in their places. `fileOf` gives the file of each calling
 * step, by the step's id in the whole; a step whose file is not known calls nothing. Files call
 * each other in no circle: whoever collects them has seen to that.
 */
export function link(runbook: Runbook, fileOf: (step: string) => CalledFile | null): Runbook {
  const called: Record<string, Called> = {};
  const follow = (phases: readonly Phase[]): void => {
    for (const step of phases.flatMap((phase) => phase.steps)) {
      if (step.action?.kind !== 'call') continue;
      const file = fileOf(step.id);
      if (file === null) continue;
      const inner = file.runbook.phases.map((phase) => within(step.id, phase));
      const { title, inputs } = file.runbook;
      called[step.id] = { title, path: file.path, sha256: file.sha256, inputs, phases: inner };
      follow(inner);
    }
  };
  follow(runbook.phases);
  return { ...runbook, called };
}

/** Ids get the calling step's before them; what names other steps is read in that scope. */
function within(call: string, phase: Phase): Phase {
  const steps = phase.steps.map((step): Step => ({ ...step, id: `${call}/${step.id}` }));
  return { ...phase, steps };
}
