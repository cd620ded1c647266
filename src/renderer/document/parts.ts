import type { Part, Step } from '../../core/runbook/model.ts';

/** So many parts and tasks of a step are laid out; more of them would hold the window up. */
const MOST = 200;

/** The parts of a step that are laid out one by one, and all that follows them as it is written. */
export function laidOut(step: Step): { parts: Part[]; rest: string } {
  const parts: Part[] = [];
  const rest: string[] = [];
  let room = MOST;
  for (const part of step.parts) {
    const shown = part.kind === 'tasks' ? Math.min(room, part.count) : Math.min(room, 1);
    room -= shown;
    if (shown > 0) parts.push(part.kind === 'tasks' ? { ...part, count: shown } : part);
    if (part.kind === 'prose' && shown === 0) rest.push(part.markdown);
    if (part.kind === 'action' && shown === 0) rest.push(codeOf(step));
    if (part.kind === 'tasks') {
      const left = step.tasks.slice(part.first + shown, part.first + part.count);
      rest.push(...left.map((task) => `- [ ] ${task.text}`));
    }
  }
  return { parts, rest: rest.join('\n') };
}

function codeOf({ action }: Step): string {
  if (action === null) return '';
  return action.kind === 'ask' ? action.question : action.code;
}
