import type { Runbook } from '../../core/runbook/model.ts';
import type { FoundFile } from './scan.ts';

/** What the library shows of a runbook without opening it. */
export interface Entry {
  path: string;
  title: string;
  format: 'muster' | 'guide';
  kind: string | null;
  system: string | null;
  owner: string | null;
  steps: number;
  /** Commands that nobody reviewed yet. */
  unreviewed: number;
  errors: number;
  modifiedAt: string;
  range: string | null;
}

export function entryOf(file: FoundFile, runbook: Runbook): Entry {
  const steps = runbook.phases.flatMap((phase) => phase.steps);
  return {
    path: file.path,
    title: runbook.title,
    format: runbook.format,
    kind: runbook.kind,
    system: runbook.system,
    owner: runbook.owner,
    steps: steps.length,
    unreviewed: steps.filter((step) => step.action?.reviewed === false).length,
    errors: runbook.findings.filter((finding) => finding.severity === 'error').length,
    modifiedAt: new Date(file.modifiedMs).toISOString(),
    range: runbook.requires.range,
  };
}
