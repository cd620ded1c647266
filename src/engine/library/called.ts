import { dirname, resolve } from 'node:path';
import { MusterError } from '../../core/problem.ts';
import { link } from '../../core/runbook/link.ts';
import type { Phase, Runbook } from '../../core/runbook/model.ts';
import * as failures from '../failures.ts';
import { type OpenedRunbook, openRunbook } from './open-runbook.ts';

/** Runbooks within runbooks deeper than this are a mistake. */
const DEEPEST = 8;

/**
 * Reads the runbooks that a runbook calls, and those that these call. Throws MusterError for a file
 * that cannot be read or has errors, and for runbooks that call each other in a circle.
 */
export async function readCalled(
  main: OpenedRunbook,
): Promise<{ runbook: Runbook; files: ReadonlyMap<string, OpenedRunbook> }> {
  const files = new Map<string, OpenedRunbook>();
  const follow = async (
    phases: readonly Phase[],
    prefix: string,
    around: readonly string[],
  ): Promise<void> => {
    for (const step of phases.flatMap((phase) => phase.steps)) {
      if (step.action?.kind !== 'call') continue;
      const here = around.at(-1) ?? '';
      const path = resolve(dirname(here), step.action.file);
      if (around.includes(path)) throw new MusterError(failures.callInCircle([...around, path]));
      if (around.length > DEEPEST) throw new MusterError(failures.callTooDeep(path));
      const opened = await openRunbook(path);
      const error = opened.runbook.findings.find(({ severity }) => severity === 'error');
      if (error) throw new MusterError(failures.runHasErrors(path, error));
      checkRequirements(main.runbook, opened);
      const id = `${prefix}${step.id}`;
      files.set(id, opened);
      await follow(opened.runbook.phases, `${id}/`, [...around, path]);
    }
  };
  await follow(main.runbook.phases, '', [resolve(main.path)]);
  return { runbook: link(main.runbook, (step) => files.get(step) ?? null), files };
}

/** What a called runbook needs, the one that calls it must ask for: a run is bound once. */
function checkRequirements(main: Runbook, { path, runbook }: OpenedRunbook): void {
  const role = runbook.requires.roles.find((name) => !main.requires.roles.includes(name));
  if (role !== undefined) throw new MusterError(failures.callNeedsRole(path, role));
  if (runbook.requires.range !== null && runbook.requires.range !== main.requires.range) {
    throw new MusterError(failures.callNeedsRange(path, runbook.requires.range));
  }
}
