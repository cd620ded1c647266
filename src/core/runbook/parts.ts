import { LineReader } from './line-reader.ts';
import { dedent, isBlank } from './lines.ts';
import type { LineRange, Part, Task } from './model.ts';
import type { Cut, StepDraft } from './outline.ts';

/** One run of prose: its lines without the blank ones around, and its Markdown. */
interface Prose {
  range: LineRange;
  markdown: string;
}

/** Hands out the cuts in order of line: asked once a stretch, from the top to the bottom. */
export class Cuts {
  readonly #cuts: readonly Cut[];
  #at = 0;

  constructor(cuts: readonly Cut[]) {
    this.#cuts = cuts;
  }

  /** The cuts up to line `end`, from where the last call stopped. */
  until(end: number): Cut[] {
    const from = this.#at;
    while (this.#at < this.#cuts.length && (this.#cuts[this.#at]?.start ?? 0) <= end) this.#at += 1;
    return this.#cuts.slice(from, this.#at);
  }
}

/** The parts of a step whose lines are `range`: what is cut, and everything between as prose. */
export function stepParts(
  draft: StepDraft,
  range: LineRange,
  cuts: readonly Cut[],
  lines: readonly string[],
): { parts: Part[]; tasks: Task[] } {
  const parts: Part[] = [];
  const tasks: Task[] = [];
  let from = range.start;
  let indent = draft.indent;
  const prose = (until: number): void => {
    const found = proseOf(lines, { start: from, end: until }, indent, draft.markerLine);
    if (found !== null) parts.push({ kind: 'prose', ...found });
  };
  for (const cut of cuts) {
    prose(cut.start - 1);
    const cutRange = { start: cut.start, end: cut.end };
    if (cut.kind === 'action') {
      parts.push({ kind: 'action', range: cutRange });
      indent = Math.max(draft.indent, cut.indent);
    } else if (cut.kind === 'task') {
      addTask(parts, tasks.length, cutRange);
      tasks.push({ text: cut.text, line: cut.start });
    }
    from = cut.end + 1;
  }
  prose(range.end);
  return { parts, tasks };
}

/** Task items with nothing but blank lines between them are one part. */
function addTask(parts: Part[], index: number, range: LineRange): void {
  const last = parts.at(-1);
  if (last?.kind === 'tasks') {
    last.count += 1;
    last.range = { start: last.range.start, end: range.end };
  } else {
    parts.push({ kind: 'tasks', first: index, count: 1, range });
  }
}

/** The prose of lines that are no step's: an intro. */
export function introProse(
  range: LineRange,
  cuts: readonly Cut[],
  lines: readonly string[],
): string {
  const texts: string[] = [];
  let from = range.start;
  for (const end of [...cuts.map((cut) => cut.start - 1), range.end]) {
    const found = proseOf(lines, { start: from, end }, 0, null);
    if (found !== null) texts.push(found.markdown);
    from = (cuts.find((cut) => cut.start > end)?.end ?? range.end) + 1;
  }
  return texts.join('\n\n');
}

function proseOf(
  lines: readonly string[],
  range: LineRange,
  indent: number,
  markerLine: number | null,
): Prose | null {
  let { start, end } = range;
  while (start <= end && isBlank(lines[start - 1] ?? '')) start += 1;
  while (end > start && isBlank(lines[end - 1] ?? '')) end -= 1;
  if (start > end) return null;
  const shown = lines.slice(start - 1, end);
  if (indent > 0) {
    for (const [i, line] of shown.entries()) {
      shown[i] = start + i === markerLine ? afterMarker(line, indent) : dedent(line, indent);
    }
  }
  return { range: { start, end }, markdown: shown.join('\n') };
}

/** The line of a numbered item without its number. */
function afterMarker(line: string, indent: number): string {
  const reader = new LineReader();
  reader.reset(line);
  reader.advance(indent);
  return reader.rest();
}
