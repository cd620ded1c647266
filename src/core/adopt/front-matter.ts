import type { Objective } from '../runbook/model.ts';

export interface AdoptedHeader {
  title: string;
  kind: string | null;
  system: string | null;
  objectives: readonly Objective[];
  /** What each input stands for in the guide, by its name. */
  inputs: ReadonlyMap<string, string>;
  /** Keys that were guessed. */
  guess: readonly string[];
}

/** The lines of the front matter of an adopted guide. */
export function adoptedFrontMatter(header: AdoptedHeader): string[] {
  const lines = ['---', 'runbook: 1', `title: ${text(header.title)}`];
  if (header.kind !== null) lines.push(`kind: ${header.kind}`);
  if (header.system !== null) lines.push(`system: ${text(header.system)}`);
  if (header.objectives.length > 0) lines.push('objectives:');
  for (const { component, rtoMs, rpoMs } of header.objectives) {
    const rto = rtoMs === null ? '' : `, rto: ${duration(rtoMs)}`;
    const rpo = rpoMs === null ? '' : `, rpo: ${duration(rpoMs)}`;
    lines.push(`  - {component: ${text(component)}${rto}${rpo}}`);
  }
  if (header.inputs.size > 0) lines.push('inputs:');
  for (const [name, written] of header.inputs) {
    lines.push(`  ${name}: {help: ${text(`Stands for ${written} in the guide.`)}}`);
  }
  if (header.guess.length > 0) lines.push(`guess: [${header.guess.join(', ')}]`);
  lines.push('---');
  return lines;
}

/** JSON's texts are YAML's too. */
function text(value: string): string {
  return JSON.stringify(value);
}

function duration(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
