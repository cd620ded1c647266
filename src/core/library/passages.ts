import { z } from 'zod';
import type { Runbook, Step } from '../runbook/model.ts';

/** A stretch of a runbook that search can lead to: its intro, a phase's, or a step. */
export const passageSchema = z.object({
  /** Id of the step; null for an intro. */
  step: z.string().nullable(),
  title: z.string(),
  line: z.number().int().positive(),
  command: z.string(),
  prose: z.string(),
});
export type Passage = z.infer<typeof passageSchema>;

/** Most characters of one runbook that are searched: more is data that somebody pasted. */
const MOST = 400_000;

export function passagesOf(runbook: Runbook): Passage[] {
  const passages: Passage[] = [];
  let left = MOST;
  const add = (passage: Passage): void => {
    const command = passage.command.slice(0, left);
    left -= command.length;
    const prose = passage.prose.slice(0, left);
    left -= prose.length + passage.title.length;
    passages.push({ ...passage, command, prose });
  };
  if (runbook.intro !== '') {
    add({ step: null, title: '', line: 1, command: '', prose: runbook.intro });
  }
  for (const phase of runbook.phases) {
    const { title, line, intro } = phase;
    if (left <= 0) break;
    if (title !== '' || intro !== '') add({ step: null, title, line, command: '', prose: intro });
    for (const step of phase.steps) {
      if (left <= 0) break;
      add(passageOf(step));
    }
  }
  return passages;
}

function passageOf(step: Step): Passage {
  const { action } = step;
  const prose = step.parts.flatMap((part) => (part.kind === 'prose' ? [part.markdown] : []));
  if (action?.kind === 'ask') prose.push(action.question);
  prose.push(...step.tasks.map((task) => task.text));
  return {
    step: step.id,
    title: [...step.path, step.title].join(' › '),
    line: step.line,
    command: action !== null && 'code' in action ? action.code : '',
    prose: prose.join('\n'),
  };
}
