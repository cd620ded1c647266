import { actionNameOf } from '../actions/registry.ts';
import { editAttribute } from '../runbook/attribute-edit.ts';
import { type AttributeList, fenceAttributes, headingAttributes } from '../runbook/attributes.ts';
import { type Block, type Fence, type Heading, visit } from '../runbook/blocks.ts';
import { applyChanges, type Change, Editing } from '../runbook/edit.ts';
import { Findings } from '../runbook/findings.ts';
import { readFrontMatter } from '../runbook/front-matter.ts';
import { readLines, splitLines } from '../runbook/lines.ts';
import { allSteps, type Finding, type Runbook, type Step } from '../runbook/model.ts';
import { parse } from '../runbook/parse.ts';
import { scan } from '../runbook/scan.ts';
import { adoptedFrontMatter } from './front-matter.ts';
import { guessKind, guessSystem, guessTimeout } from './guesses.ts';
import { plainHeading, plainInfo, shownInfo } from './plain-braces.ts';
import { valueChanges } from './shell-values.ts';

export type Adopted =
  | { ok: true; text: string; runbook: Runbook }
  /** It is a runbook already, or the copy would have errors: those of the copy. */
  | { ok: false; why: 'already' }
  | { ok: false; why: 'errors'; findings: Finding[] };

/**
 * A plain guide as a runbook of Muster's own format, for a person to go through: front matter, ids,
 * risks, time limits and inputs. Everything that the guide says stays. What is guessed is named
 * under `guess`, at the fence or in the front matter, and an action with a guess is unreviewed.
 */
export function adopt(text: string): Adopted {
  const runbook = parse(text);
  if (runbook.format === 'muster') return { ok: false, why: 'already' };
  const adopted = new Adoption(text, runbook).copy();
  const copy = parse(adopted);
  const findings = copy.findings.filter(({ severity }) => severity === 'error');
  if (copy.format !== 'muster' || findings.length > 0)
    return { ok: false, why: 'errors', findings };
  return { ok: true, text: adopted, runbook: copy };
}

class Adoption {
  readonly #text: string;
  readonly #runbook: Runbook;
  readonly #lines: readonly string[];
  readonly #editing: Editing;
  readonly #changes: Change[] = [];
  readonly #inputs = new Map<string, string>();
  /** By the line of the action. */
  readonly #steps = new Map<number, Step>();
  readonly #headed = new Map<number, Step>();
  readonly #wrong: ReadonlySet<number>;
  readonly #lineEnd: string;
  #hasTitle = false;

  constructor(text: string, runbook: Runbook) {
    this.#text = text;
    this.#runbook = runbook;
    this.#lines = splitLines(text);
    this.#editing = new Editing(text);
    this.#lineEnd = readLines(text).lines[0]?.end || '\n';
    for (const step of allSteps(runbook)) {
      if (step.action !== null) this.#steps.set(step.action.line, step);
      this.#headed.set(step.line, step);
    }
    const errors = runbook.findings.filter(({ severity }) => severity === 'error');
    this.#wrong = new Set(errors.map(({ line }) => line));
  }

  copy(): string {
    const header = readFrontMatter(this.#lines, new Findings()).lines;
    const { blocks } = scan(this.#lines, { from: header, nestedFences: true });
    visit(blocks, (block) => this.#block(block));
    // Last: the inputs are those that stand in the commands now.
    this.#frontMatter(header);
    return applyChanges(this.#text, this.#changes);
  }

  #block(block: Block): void {
    if (block.type === 'heading') this.#heading(block);
    else if (block.type === 'fence') this.#fence(block);
    else if (block.type === 'delimiter') {
      // The outer lines of a fence that nests would make all that is inside mere code.
      const { start, end } = this.#editing.line(block.line);
      this.#changes.push({ start, end: start, text: '<!-- ' }, { start: end, end, text: ' -->' });
    }
  }

  #heading(heading: Heading): void {
    if (heading.depth === 1) this.#hasTitle = true;
    if (heading.line !== heading.end) return;
    let text = plainHeading(heading, this.#wrong.has(heading.line));
    const step = this.#headed.get(heading.line);
    if (
      step !== undefined &&
      text === heading.text &&
      keysOf(headingAttributes(text, 1, 1)).has('id')
    ) {
      text = editAttribute(text, 'heading', { key: 'id', value: step.id }) ?? text;
    }
    this.#replace(heading, text);
  }

  #fence(fence: Fence): void {
    const step = this.#steps.get(fence.line);
    // In the copy a fence with braces would be carried out by Muster on a target: that was written
    // for somebody who chooses where to run it, so it stays something to read until they say so.
    if (step?.action == null || actionNameOf(step.action.language) !== null) {
      this.#replace(fence, shownInfo(fence));
      return;
    }
    const values = step.action.kind === 'shell' ? this.#values(fence, step) : 0;
    let info = plainInfo(fence, this.#wrong.has(fence.line));
    for (const [key, value] of this.#attributes(fence, step, values > 0)) {
      info = editAttribute(info, 'fence', { key, value }) ?? info;
    }
    this.#replace(fence, info);
  }

  /** What the fence's braces have to say in the copy. */
  #attributes(fence: Fence, step: Step, hasValues: boolean): [string, string][] {
    const attributes: [string, string][] = [];
    const guess: string[] = [];
    const heading = this.#editing.holder(step.line);
    const ofHeading = heading?.type === 'heading' ? heading.text : '';
    const own = keysOf(fenceAttributes(fence.info, 1, 1));
    const above = keysOf(headingAttributes(ofHeading, 1, 1));
    const has = (key: string): boolean => own.has(key) || above.has(key);
    if (own.has('id') || !above.has('id')) attributes.push(['id', step.id]);
    if (!has('risk')) {
      attributes.push(['risk', step.risk]);
      guess.push('risk');
    }
    if (step.action?.kind === 'shell' && step.timeoutMs === null) {
      attributes.push(['timeout', guessTimeout(step.action.code)]);
      guess.push('timeout');
    }
    if (hasValues) guess.push('inputs');
    if (guess.length > 0) attributes.push(['guess', guess.join(' ')]);
    else attributes.push(['reviewed', 'false']);
    return attributes;
  }

  #values(fence: Fence, step: Step): number {
    const last = fence.closed ? fence.end - 1 : fence.end;
    const isTranscript = step.action?.kind === 'shell' && step.action.expected !== null;
    const code = Array.from(
      { length: Math.max(0, last - fence.line) },
      (_, i) => fence.line + 1 + i,
    )
      .map((line) => ({
        text: this.#lines[line - 1] ?? '',
        offset: this.#editing.line(line).start,
      }))
      // In a transcript other lines are what came of the commands.
      .filter(({ text }) => !isTranscript || /^[\s>]*\$ /.test(text));
    const changes = valueChanges(code);
    for (const change of changes) {
      this.#inputs.set(change.input, change.written);
      this.#changes.push(change);
    }
    return changes.length;
  }

  #replace(holder: Fence | Heading, text: string): void {
    const before = holder.type === 'fence' ? holder.info : holder.text;
    if (text === before) return;
    const start = this.#editing.line(holder.line).start + holder.column - 1;
    this.#changes.push({ start, end: start + before.length, text });
  }

  #frontMatter(header: number): void {
    const { title, objectives } = this.#runbook;
    const kind = guessKind(this.#runbook);
    const system = guessSystem(title);
    const guess = [
      ...(this.#hasTitle ? [] : ['title']),
      ...(kind === null ? [] : ['kind']),
      ...(system === null ? [] : ['system']),
      ...(objectives.length === 0 ? [] : ['objectives']),
      ...(this.#inputs.size === 0 ? [] : ['inputs']),
    ];
    const inputs = this.#inputs;
    const lines = adoptedFrontMatter({ title, kind, system, objectives, inputs, guess });
    const start = this.#editing.line(1).start;
    // Another tool's front matter is kept as code: there can be but one, and this copy has its own.
    const fence = '`'.repeat(longestRun(this.#lines.slice(0, header)) + 3);
    if (header > 0) lines.push('', `${fence}yaml`);
    this.#changes.unshift({ start, end: start, text: lines.join(this.#lineEnd) + this.#lineEnd });
    if (header === 0) return;
    const { end } = this.#editing.line(header);
    this.#changes.push({ start: end, end, text: `${this.#lineEnd}${fence}` });
  }
}

/** Length of the longest run of backticks. */
function longestRun(lines: readonly string[]): number {
  let most = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/`+/g)) most = Math.max(most, run.length);
  }
  return most;
}

/** The names of attributes; Runme's `name` is an id. */
function keysOf(list: AttributeList | null): Set<string> {
  return new Set(list?.attributes.map(({ key }) => (key === 'name' ? 'id' : key)));
}
