import { escapeHtml as esc } from '../escape-html.ts';
import { allSteps, type Runbook, type Step } from '../runbook/model.ts';
import { undoOf } from '../runbook/undo-words.ts';
import { formatDuration } from '../units.ts';
import { idOfLine, type Mark } from './markdown-html.ts';

/** Where the runbook's phases and steps begin, in order of line. */
export function marksOf(runbook: Runbook): Mark[] {
  const titles = new Map(allSteps(runbook).map(({ id, title }) => [id, title]));
  return runbook.phases.flatMap((phase): Mark[] => [
    ...(phase.title === '' || phase.steps[0]?.line === phase.line
      ? []
      : [{ kind: 'phase', line: phase.line, title: phase.title, facts: [] } as const]),
    ...phase.steps.map((step): Mark => {
      const { line, title } = step;
      return { kind: 'step', line, title, facts: factsOf(step, titles) };
    }),
  ]);
}

function factsOf(step: Step, titles: ReadonlyMap<string, string>): string[] {
  const { action, timeoutMs, undo, condition, proves } = step;
  const isMachine = action?.kind === 'shell' || action?.kind === 'structured';
  return [
    isMachine ? step.risk : action === null ? 'by hand' : null,
    isMachine && !action.reviewed ? 'unreviewed command' : null,
    timeoutMs === null ? null : `at most ${formatDuration(timeoutMs)}`,
    undo === null ? null : `undo: ${undoOf(step, (id) => titles.get(id))}`,
    condition === null ? null : `only if ${condition}`,
    proves.length === 0 ? null : `proves ${proves.join(', ')}`,
  ].filter((fact) => fact !== null);
}

/** The table of contents, with a link to each place that the rendered text has. */
export function contents(
  runbook: Runbook,
  body: string,
  { prefix, level }: { prefix: string; level: number },
): string {
  const ids = new Set([...body.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]));
  const entry = (title: string, line: number): string => {
    const id = idOfLine(prefix, line);
    return ids.has(id) ? `<a href="#${id}">${esc(title)}</a>` : esc(title);
  };
  let number = 0;
  const phases = runbook.phases.map((phase) => {
    const steps = phase.steps.map((step) => {
      number += 1;
      return `<li><span class="number">${number}</span>${entry(step.title, step.line)}</li>`;
    });
    const name =
      phase.title === '' ? '' : `<p class="phase-name">${entry(phase.title, phase.line)}</p>`;
    return `<li>${name}${steps.length === 0 ? '' : `<ul>${steps.join('\n')}</ul>`}</li>`;
  });
  if (number === 0 && runbook.phases.length === 0) return '';
  return `<section><h${level}>Contents</h${level}>
<nav aria-label="Contents of ${esc(runbook.title)}"><ol>${phases.join('\n')}</ol></nav></section>`;
}
