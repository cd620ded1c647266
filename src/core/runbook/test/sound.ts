import { isBlank, printLines, readLines, splitLines } from '../lines.ts';
import { type LineRange, type Phase, runbookSchema, type Step } from '../model.ts';
import { parse } from '../parse.ts';
import { show } from '../show.ts';

/**
 * What holds for every text, whatever it is. Its lines give it back byte by byte. Every line belongs
 * to the intro or to one phase, there to its head or to one step, and every line of a step that is
 * not blank to one of its parts, unless it is a heading, a title in full or the outer line of a
 * fence that nests.
 */
export function expectSound(text: string): void {
  const runbook = parse(text);
  const lines = splitLines(text);
  runbookSchema.parse(runbook);
  hold(printLines(readLines(text)) === text, 'the lines give the text back');
  hold(runbook.lines === lines.length, 'all lines are counted');
  const ids = runbook.phases.flatMap((phase) => phase.steps.map((step) => step.id));
  hold(new Set(ids).size === ids.length, 'ids are unique');
  for (const { line } of runbook.findings) {
    hold(line <= Math.max(1, runbook.lines), 'findings stand in the text');
  }
  const json: unknown = JSON.parse(JSON.stringify(show(runbook, text)));
  hold(typeof json === 'object', 'it can be shown');
  const intro = runbook.introRange;
  follow([...(intro === null ? [] : [intro]), ...runbook.phases.map(({ range }) => range)], {
    start: 1,
    end: lines.length,
  });
  for (const phase of runbook.phases) expectSoundPhase(phase, lines);
}

function expectSoundPhase(phase: Phase, lines: readonly string[]): void {
  const { range, steps } = phase;
  const start = steps[0]?.range.start ?? range.end + 1;
  hold(start >= range.start, 'steps begin in their phase');
  follow(
    steps.map((step) => step.range),
    { start, end: range.end },
  );
  for (const step of steps) {
    hold(step.line >= step.range.start && step.line <= step.range.end, 'a step has its line');
    expectSoundParts(step, lines);
  }
}

const NO_PART = /^[ >]{0,9}(?:#{1,6}(?:\s|$)|\d+[.)]|(?:```|~~~)(?:md|markdown)?\s*$)/i;

function expectSoundParts(step: Step, lines: readonly string[]): void {
  let at = step.range.start;
  const uncovered: string[] = [];
  for (const part of step.parts) {
    const { start, end } = part.range;
    hold(start >= at && end >= start, 'parts follow each other');
    for (const line of lines.slice(at - 1, start - 1)) uncovered.push(line);
    if (part.kind === 'prose') {
      hold(part.markdown.split('\n').length === end - start + 1, 'prose is whole');
    }
    at = end + 1;
  }
  for (const line of lines.slice(at - 1, step.range.end)) uncovered.push(line);
  for (const line of uncovered) {
    hold(isBlank(line) || NO_PART.test(line), `no part shows ${JSON.stringify(line)}`);
  }
  const actions = step.parts.filter((part) => part.kind === 'action').length;
  hold(actions === (step.action === null ? 0 : 1), 'the action is a part');
  const tasks = step.parts.reduce((sum, part) => sum + (part.kind === 'tasks' ? part.count : 0), 0);
  hold(tasks === step.tasks.length, 'every task is in a part');
}

/** The ranges cover `whole` one after the other. */
function follow(ranges: readonly LineRange[], whole: LineRange): void {
  let next = whole.start;
  for (const { start, end } of ranges) {
    hold(start === next && end >= start, `line ${next} belongs to one range`);
    next = end + 1;
  }
  hold(ranges.length === 0 || next === whole.end + 1, 'the last line belongs to a range');
}

function hold(condition: boolean, what: string): void {
  if (!condition) throw new Error(`Not sound: ${what}`);
}
