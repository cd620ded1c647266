import { splitLines } from '../runbook/lines.ts';
import type { Runbook } from '../runbook/model.ts';

/** A stretch of the text that is compared as one: the head, a phase's heading and intro, a step. */
export interface Section {
  kind: 'intro' | 'phase' | 'step';
  /** The step's id; null for what is no step. */
  id: string | null;
  title: string;
  /** Title of the phase it is in; empty before the first one. */
  phase: string;
  /** Number of the phase it is in, from 0; -1 before the first one. */
  phaseNumber: number;
  /** Line of its first line, from 1. */
  start: number;
  lines: string[];
}

/** Cuts a text into its sections. Every line is in exactly one of them, in order. */
export function sectionsOf(text: string, runbook: Runbook): Section[] {
  const lines = splitLines(text);
  const sections: Section[] = [];
  let next = 1;
  const until = (end: number, about: Omit<Section, 'start' | 'lines'>): void => {
    const start = next;
    next = Math.max(start, Math.min(end, lines.length) + 1);
    if (next > start) sections.push({ ...about, start, lines: lines.slice(start - 1, next - 1) });
  };
  const intro = { kind: 'intro', id: null, title: '', phase: '', phaseNumber: -1 } as const;
  until((runbook.phases[0]?.range.start ?? lines.length + 1) - 1, intro);
  for (const [phaseNumber, phase] of runbook.phases.entries()) {
    const about = { title: phase.title, phase: phase.title, phaseNumber };
    const head = phase.steps[0]?.range.start ?? phase.range.end + 1;
    until(head - 1, { ...about, kind: 'phase', id: null });
    for (const { id, title, range } of phase.steps) {
      until(range.end, { ...about, kind: 'step', id, title });
    }
  }
  // The parser leaves no line out; were one left, it would still be compared.
  until(lines.length, { ...intro, kind: sections.length === 0 ? 'intro' : 'phase' });
  return sections;
}
