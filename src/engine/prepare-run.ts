import { hostname } from 'node:os';
import { MusterError } from '../core/problem.ts';
import type { BodyOf, EventBody } from '../core/run/events.ts';
import { outlineOf } from '../core/run/outline.ts';
import { everyStep } from '../core/run/specs.ts';
import { containersOf } from '../core/run/step-ids.ts';
import { answerVariable } from '../core/run/variables.ts';
import { resolveInputs } from '../core/runbook/inputs.ts';
import type { Runbook } from '../core/runbook/model.ts';
import type { StartRequest } from './api.ts';
import { isReservedName } from './environment.ts';
import * as failures from './failures.ts';
import { findProgram } from './processes/interpreter.ts';
import { allInputs, secretReferences } from './run-secrets.ts';

/** Checks that the runbook can run as asked, and makes the run's first event. */
export function prepare(
  request: StartRequest,
  runbook: Runbook,
  options: { operator: string; version: string; env: NodeJS.ProcessEnv },
): BodyOf<'run.created'> {
  const { path, sha256 } = request.opened;
  const resolved = resolveInputs(runbook.inputs, request.inputs);
  if (!resolved.ok) throw new MusterError(failures.inputsInvalid(resolved.problems));
  const names = namesSetBy(runbook);
  const reserved = names.find(isReservedName);
  if (reserved !== undefined) throw new MusterError(failures.nameReserved(reserved));
  const missing = runbook.requires.tools.filter(
    (tool) => !findProgram(tool, options.env.PATH ?? ''),
  );
  if (missing.length > 0) throw new MusterError(failures.toolsMissing(missing));
  return {
    kind: 'run.created',
    title: runbook.title,
    path,
    sha256,
    runbookKind: runbook.kind,
    mode: request.mode,
    inputs: { ...resolved.values, ...secretReferences(runbook) },
    objectives: runbook.objectives.map(({ component, rtoMs, rpoMs }) => ({
      component,
      rtoMs,
      rpoMs,
    })),
    outline: outlineOf(runbook),
    ...optional(runbook),
    range: runbook.requires.range,
    operator: options.operator,
    host: hostname(),
    version: options.version,
  };
}

/** What only some runs have, so that the records of the others stay as they always were. */
function optional(runbook: Runbook): Pick<BodyOf<'run.created'>, 'called' | 'timeoutMs'> {
  const called = Object.entries(runbook.called);
  return {
    ...(runbook.timeoutMs === null ? {} : { timeoutMs: runbook.timeoutMs }),
    ...(called.length === 0
      ? {}
      : { called: called.map(([step, { path, sha256: hash }]) => ({ step, path, sha256: hash })) }),
  };
}

/** The targets that were chosen for the roles of the runbook. Throws MusterError where one is missing. */
export function rolesOf(
  runbook: Runbook,
  chosen: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    runbook.requires.roles.map((role) => {
      const name = chosen[role];
      if (!name) throw new MusterError(failures.targetMissing());
      return [role, name];
    }),
  );
}

/** The steps that a run of a selection leaves out, recorded before anything begins. */
export function leftOut(
  created: BodyOf<'run.created'>,
  only: readonly string[] | null,
  by: string,
): EventBody[] {
  if (only === null) return [];
  const ids = new Set(created.outline.map(({ id }) => id));
  const unknown = only.filter((id) => !ids.has(id));
  if (unknown.length > 0) throw new MusterError(failures.stepsUnknown(unknown));
  const around = new Set(only.flatMap((id) => containersOf(id)));
  const isWanted = (id: string): boolean =>
    only.includes(id) || around.has(id) || containersOf(id).some((outer) => only.includes(outer));
  return created.outline
    .filter(({ id }) => !isWanted(id))
    .map(({ id }) => ({
      kind: 'step.skipped',
      step: id,
      cause: 'selection',
      reason: 'The run was started without it.',
      by,
    }));
}

/** Every variable that the runbook hands to its steps. */
function namesSetBy(runbook: Runbook): string[] {
  return [
    ...allInputs(runbook).map((input) => input.name),
    ...everyStep(runbook).flatMap(({ id, action, each }) => {
      if (action?.kind === 'ask') return [answerVariable(id)];
      const captures = action !== null && 'captures' in action ? action.captures : [];
      return [...captures.map(({ name }) => name), ...(each === null ? [] : [each.name])];
    }),
  ];
}
