import { fenceAttributes } from './attributes.ts';
import { visit } from './blocks.ts';
import { Findings } from './findings.ts';
import { readFrontMatter } from './front-matter.ts';
import { languageOf } from './languages.ts';
import { splitLines } from './lines.ts';
import type { Action, LineRange, Part, Phase, Runbook, Step } from './model.ts';
import { scan } from './scan.ts';

/** The answer of `muster show FILE --json`: enough to account for every line of the source. */
export interface Shown
  extends Pick<
    Runbook,
    | 'title'
    | 'format'
    | 'kind'
    | 'system'
    | 'owner'
    | 'reviewDays'
    | 'lines'
    | 'introRange'
    | 'objectives'
    | 'inputs'
    | 'requires'
    | 'findings'
  > {
  phases: ShownPhase[];
  /** Every fence of the text, run or shown, in order. */
  fences: ShownFence[];
  /** Every table, its head and delimiter row included in `range`. */
  tables: { range: LineRange; rows: number }[];
}

export interface ShownPhase extends Pick<Phase, 'title' | 'line' | 'range' | 'condition'> {
  steps: ShownStep[];
}

export interface ShownStep extends Omit<Step, 'action' | 'parts'> {
  /** The step's one action, or nothing. */
  actions: Action[];
  parts: { kind: Part['kind']; range: LineRange }[];
}

export interface ShownFence {
  language: string;
  line: number;
  range: LineRange;
  closed: boolean;
  /** Id of the step whose action it is, or null for code that is only shown. */
  step: string | null;
}

/** What `show` prints for a runbook and the text it was parsed from. */
export function show(runbook: Runbook, text: string): Shown {
  const stepAt = new Map<number, string>();
  const phases = runbook.phases.map(
    (phase): ShownPhase => ({
      title: phase.title,
      line: phase.line,
      range: phase.range,
      condition: phase.condition,
      steps: phase.steps.map((step): ShownStep => {
        const { action, parts, ...rest } = step;
        if (action !== null) stepAt.set(action.line, step.id);
        return {
          ...rest,
          actions: action === null ? [] : [action],
          parts: parts.map(({ kind, range }) => ({ kind, range })),
        };
      }),
    }),
  );
  const { fences, tables } = codeAndTables(runbook, text, stepAt);
  return {
    title: runbook.title,
    format: runbook.format,
    kind: runbook.kind,
    system: runbook.system,
    owner: runbook.owner,
    reviewDays: runbook.reviewDays,
    lines: runbook.lines,
    introRange: runbook.introRange,
    objectives: runbook.objectives,
    inputs: runbook.inputs,
    requires: runbook.requires,
    phases,
    fences,
    tables,
    findings: runbook.findings,
  };
}

/** Read from the text again: a runbook keeps code that it does not run as prose only. */
function codeAndTables(
  runbook: Runbook,
  text: string,
  stepAt: ReadonlyMap<number, string>,
): Pick<Shown, 'fences' | 'tables'> {
  const lines = splitLines(text);
  const from = readFrontMatter(lines, new Findings()).lines;
  const { blocks } = scan(lines, { from, nestedFences: runbook.format === 'guide' });
  const fences: Shown['fences'] = [];
  const tables: Shown['tables'] = [];
  visit(blocks, (block) => {
    const range = { start: block.line, end: block.end };
    if (block.type === 'table') tables.push({ range, rows: block.rows.length });
    if (block.type !== 'fence') return;
    const { before } = fenceAttributes(block.info, block.line, block.column);
    fences.push({
      language: languageOf(before),
      line: block.line,
      range,
      closed: block.closed,
      step: stepAt.get(block.line) ?? null,
    });
  });
  return { fences, tables };
}
