import type { LibraryEntry } from '../../core/library/entry.ts';
import { type Risk, type Runbook, riskSchema } from '../../core/runbook/model.ts';
import type { FoundFile } from './scan.ts';

/** How the library lists a runbook that was read. */
export function entryOf(file: FoundFile, runbook: Runbook): LibraryEntry {
  const steps = runbook.phases.flatMap((phase) => phase.steps);
  return {
    path: file.path,
    title: runbook.title,
    format: runbook.format,
    kind: runbook.kind,
    system: runbook.system,
    owner: runbook.owner,
    steps: steps.length,
    unreviewed: steps.filter(({ action }) => action?.kind === 'shell' && !action.reviewed).length,
    errors: runbook.findings.filter((finding) => finding.severity === 'error').length,
    risk: highestRisk(steps.map((step) => step.risk)),
    tools: runbook.requires.tools,
    modifiedAt: new Date(file.modifiedMs).toISOString(),
    range: runbook.requires.range,
    review: 'never',
    reviewDue: null,
  };
}

/** How the library lists a file that is too large to be read for a list. */
export function entryByName(file: FoundFile): LibraryEntry {
  return {
    path: file.path,
    title: file.path.replace(/^.*[/\\]/, '').replace(/\.(md|markdown)$/i, ''),
    format: 'guide',
    kind: null,
    system: null,
    owner: null,
    steps: 0,
    unreviewed: 0,
    errors: 0,
    risk: 'safe',
    tools: [],
    modifiedAt: new Date(file.modifiedMs).toISOString(),
    range: null,
    review: 'never',
    reviewDue: null,
  };
}

function highestRisk(risks: readonly Risk[]): Risk {
  // The schema names them from least to most.
  return riskSchema.options.findLast((risk) => risks.includes(risk)) ?? 'safe';
}
