import { stepNamed } from '../run/places.ts';
import { specOf } from '../run/specs.ts';
import type { RunState } from '../run/state.ts';
import type { Runbook, Step } from '../runbook/model.ts';
import type { ApprovalSubject } from './statement.ts';

/** The longest text of what will happen, in characters; the runbook's SHA-256 vouches for the rest. */
const LONGEST = 60_000;

/**
 * What the approval of a step is about, as things stand now: the runbook's words, where and with
 * what, and all that comes until the next approval. Null where the step asks for no approval.
 */
export function subjectOf(state: RunState, runbook: Runbook, id: string): ApprovalSubject | null {
  const step = stepNamed(state, id)?.step;
  const action = specOf(runbook, id)?.action;
  if (!step || action?.kind !== 'approve') return null;
  return {
    run: state.id,
    runTitle: state.created.title,
    step: id,
    attempt: step.attempts.length,
    title: step.title,
    does: clipped(
      [action.statement, '', ...circumstances(state), '', ...comingUp(state, runbook, id)].join(
        '\n',
      ),
    ),
    runbook: state.created.sha256,
  };
}

function circumstances(state: RunState): string[] {
  const { created, mode, captures } = state;
  const targets = (created.targets ?? []).map(
    ({ role, name, care, identity }) => `Target ${role}: ${name} (${care}), ${identity}`,
  );
  const values = Object.entries({ ...created.inputs, ...captures });
  return [
    `Mode: ${mode}`,
    ...targets,
    ...values.map(([name, value]) => `${name} = ${String(value)}`),
  ];
}

/** The steps that are open, up to the next one that asks for an approval of its own. */
function comingUp(state: RunState, runbook: Runbook, id: string): string[] {
  const lines: string[] = [];
  const from = state.steps.findIndex((step) => step.id === id) + 1;
  for (const { id: next, title, risk, status } of state.steps.slice(from)) {
    const spec = specOf(runbook, next);
    if (spec?.action?.kind === 'approve') break;
    if (status !== 'pending' || spec === null) continue;
    lines.push(`Then: ${title} [${next}], ${risk}`, ...codeOf(spec));
  }
  return lines.length > 0 ? lines : ['Nothing comes after it.'];
}

function codeOf({ action }: Step): string[] {
  if (action === null || !('code' in action)) return [];
  return action.code
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`);
}

function clipped(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST)}\n[cut here; the rest is in the runbook of this SHA-256]`;
}
