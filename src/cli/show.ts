import { resolve as absolute } from 'node:path';
import { show as shown } from '../core/runbook/show.ts';
import { formatDuration } from '../core/units.ts';
import { openRunbook } from '../engine/library/open-runbook.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** `muster show FILE`: what Muster reads in it. */
export async function show(file: string, options: { json?: true }): Promise<ExitCode> {
  const { runbook, text } = await openRunbook(absolute(process.env.INIT_CWD ?? '.', file));
  const lines = options.json ? [JSON.stringify(shown(runbook, text), null, 2)] : describe(runbook);
  process.stdout.write(`${lines.join('\n')}\n`);
  return exitCodes.ok;
}

function describe(runbook: Awaited<ReturnType<typeof openRunbook>>['runbook']): string[] {
  const lines = [runbook.title];
  for (const { component, rtoMs, rpoMs } of runbook.objectives) {
    lines.push(`  ${component}: RTO ${duration(rtoMs)}, RPO ${duration(rpoMs)}`);
  }
  for (const input of runbook.inputs) {
    const note = input.proposed ? ', proposed' : '';
    lines.push(`  input ${input.name} (${input.type}${note})`);
  }
  for (const phase of runbook.phases) {
    lines.push('', `${phase.title} (line ${phase.line})`);
    for (const step of phase.steps) {
      const { action } = step;
      const byHand = action?.kind === 'sql' || action?.kind === 'prometheus' ? ', by hand' : '';
      const does = action === null ? 'by hand' : `${action.language}${byHand}`;
      const review = action?.kind === 'shell' && !action.reviewed ? ', unreviewed' : '';
      lines.push(
        `  ${step.id}: ${[...step.path, step.title].join(' > ')} (${does}${review}, line ${step.line})`,
      );
    }
  }
  for (const { severity, line, column, message, remedy } of runbook.findings) {
    lines.push('', `${severity} ${line}:${column}: ${message}`, `  ${remedy}`);
  }
  return lines;
}

function duration(ms: number | null): string {
  return ms === null ? 'none' : formatDuration(ms);
}
