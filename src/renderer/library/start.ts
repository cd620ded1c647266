import type { Runbook } from '../../core/runbook/model.ts';
import type { KeptTarget } from '../../shared/ipc.ts';

/** What of a runbook is to be done: all of it, from one step on, or chosen steps. */
export type Part =
  | { kind: 'all' }
  | { kind: 'from'; step: string }
  | { kind: 'chosen'; steps: readonly string[] };

/** Steps that can be chosen: those of the runbook itself that have a turn of their own. */
export function choosable(runbook: Runbook): { id: string; title: string; phase: string }[] {
  return runbook.phases.flatMap((phase) =>
    phase.steps
      .filter(({ undoOnly }) => !undoOnly)
      .map(({ id, title }) => ({ id, title, phase: phase.title })),
  );
}

/** The ids that a run of this part is started with; null for all of them. */
export function onlyOf(runbook: Runbook, part: Part): string[] | null {
  const ids = choosable(runbook).map(({ id }) => id);
  switch (part.kind) {
    case 'all':
      return null;
    case 'from': {
      const at = ids.indexOf(part.step);
      return at <= 0 ? null : ids.slice(at);
    }
    case 'chosen':
      return ids.filter((id) => part.steps.includes(id));
  }
}

/** What keeps a run with these targets from beginning, by role. */
export function targetProblems(
  roles: readonly string[],
  chosen: Readonly<Record<string, string>>,
): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const role of roles) {
    const name = chosen[role] ?? '';
    const other = roles.find((one) => one !== role && chosen[one] === name);
    if (name === '') problems[role] = 'Choose a target for this role.';
    else if (other !== undefined) problems[role] = `It is chosen as ${other}, too.`;
  }
  return problems;
}

/** The only target there is plays the only role; otherwise somebody has to choose. */
export function firstChoice(
  roles: readonly string[],
  list: readonly KeptTarget[],
): Record<string, string> {
  const [role] = roles;
  const [only] = list;
  if (role === undefined || only === undefined || roles.length > 1 || list.length > 1) return {};
  return { [role]: only.target.name };
}
