import { type Attribute, fenceAttributes, headingAttributes } from '../runbook/attributes.ts';
import { type Block, visit } from '../runbook/blocks.ts';
import { Findings, type Place } from '../runbook/findings.ts';
import { readFrontMatter } from '../runbook/front-matter.ts';
import { splitLines } from '../runbook/lines.ts';
import {
  allSteps,
  type Phase,
  type Runbook,
  type ShellAction,
  type Step,
} from '../runbook/model.ts';
import { scan } from '../runbook/scan.ts';
import { readShell, type ShellScript } from './shell.ts';

/** Code of one step behind this was not written by a person; it is not looked at. */
const LONGEST_CODE = 200_000;

/** Output between two commands of a transcript that is looked through for the second. */
const MOST_OUTPUT_LINES = 200;

/** A step whose action is shell code, read. */
export interface ShellStep {
  step: Step;
  /** Position among all steps. */
  index: number;
  action: ShellAction;
  script: ShellScript;
  /** Where the character at `at` of the code stands in the file. */
  place(at: number): Place;
}

/** All that the rules look at; each part is read once, when the first rule asks for it. */
export class Subject {
  readonly text: string;
  readonly runbook: Runbook;
  readonly lines: readonly string[];
  readonly steps: readonly Step[];
  #blocks: readonly Block[] | null = null;
  #shell: ShellStep[] | null = null;
  #starts: number[] | null = null;
  #headLines: number | null = null;

  constructor(text: string, runbook: Runbook) {
    this.text = text;
    this.runbook = runbook;
    this.lines = splitLines(text);
    this.steps = allSteps(runbook);
  }

  get blocks(): readonly Block[] {
    this.#blocks ??= scan(this.lines, {
      from: this.headLines,
      nestedFences: this.runbook.format === 'guide',
    }).blocks;
    return this.#blocks;
  }

  /** Number of lines that the front matter takes. */
  get headLines(): number {
    this.#headLines ??= readFrontMatter(this.lines, new Findings()).lines;
    return this.#headLines;
  }

  get shell(): readonly ShellStep[] {
    this.#shell ??= this.steps.flatMap((step, index) =>
      step.action?.kind === 'shell' ? [this.#shellStep(step, index, step.action)] : [],
    );
    return this.#shell;
  }

  #shellStep(step: Step, index: number, action: ShellAction): ShellStep {
    const starts = lineStarts(action.code);
    let places: Place[] | null = null;
    return {
      step,
      index,
      action,
      script: readShell(action.code.slice(0, LONGEST_CODE)),
      place: (at) => {
        const row = lastAtMost(starts, at);
        places ??= this.#codePlaces(action);
        const { line, column } = places[row] ?? { line: action.line, column: 1 };
        return { line, column: column + at - (starts[row] ?? 0) };
      },
    };
  }

  /** Where each line of the code begins: behind an indentation, a prompt, or shown output. */
  #codePlaces(action: ShellAction): Place[] {
    let line = action.line + 1;
    // Only a transcript has other lines between its commands.
    const ahead = action.expected === null ? 1 : MOST_OUTPUT_LINES;
    return action.code.split('\n').map((code) => {
      const most = Math.min(line + ahead, action.range.end + 1);
      for (let there = line; there < most; there += 1) {
        if (!this.line(there).endsWith(code)) continue;
        line = there + 1;
        return { line: there, column: this.line(there).length - code.length + 1 };
      }
      const place = { line: Math.min(line, action.range.end), column: 1 };
      line += 1;
      return place;
    });
  }

  /** A line of the file by its number, from 1. */
  line(number: number): string {
    return this.lines[number - 1] ?? '';
  }

  /** Offset in the text of a place. */
  offset({ line, column }: Place): number {
    this.#starts ??= lineStarts(this.text);
    const start = this.#starts[line - 1] ?? this.text.length;
    const mark = line === 1 && this.text.charCodeAt(0) === 0xfeff ? 1 : 0;
    return Math.min(this.text.length, start + mark + column - 1);
  }

  fences(each: (fence: Block & { type: 'fence' }) => void): void {
    visit(this.blocks, (block) => {
      if (block.type === 'fence') each(block);
    });
  }

  /** The attributes of a step, its fence's first. */
  attributes(step: Step): readonly Attribute[] {
    const { action } = step;
    const ofFence = action === null ? [] : this.#fenceAttributes(action.line);
    return [...ofFence, ...this.headingAttributes(step.line)];
  }

  #fenceAttributes(line: number): readonly Attribute[] {
    const text = this.line(line);
    const brace = text.indexOf('{');
    return brace < 0
      ? []
      : fenceAttributes(text.slice(brace).trimEnd(), line, brace + 1).attributes;
  }

  headingAttributes(line: number): readonly Attribute[] {
    const text = this.line(line).trimEnd();
    return text.endsWith('}') ? (headingAttributes(text, line, 1)?.attributes ?? []) : [];
  }

  /** Where an attribute of the step stands; the step itself when it has none of this name. */
  placeOf(step: Step, key: string): Place {
    const found = this.attributes(step).find((attribute) => attribute.key === key);
    return found?.place ?? { line: step.action?.line ?? step.line, column: 1 };
  }

  placeOfPhase(phase: Phase, key: string): Place {
    const found = this.headingAttributes(phase.line).find((attribute) => attribute.key === key);
    return found?.place ?? { line: phase.line, column: 1 };
  }

  /** Whether the front matter has this key, with a value that can be used or not. */
  readonly hasInHead = (key: string): boolean => {
    const head = this.lines.slice(0, this.headLines);
    return head.some((line) => line.startsWith(`${key}:`) && line.trimEnd() !== `${key}:`);
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** Index of the last entry that is not above `value`. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
