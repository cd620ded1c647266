import type { Attribute } from './attributes.ts';
import type { Block, Heading } from './blocks.ts';
import type { FenceUse } from './fence-use.ts';
import { type Mark, type MarkContext, Marker } from './marks.ts';
import { codeTitle, headingTitle, itemTitle, leadInTitle } from './titles.ts';

/**
 * From blocks to phases and steps. Here it is only decided where each begins and which lines are
 * more than prose (`cuts`); all other lines become prose between them, so none can be lost.
 */

export interface StepDraft {
  title: string;
  path: string[];
  /** Of its own heading, item or fence. */
  line: number;
  /** Its first line: earlier than `line` when headings or a lead-in before it belong to it. */
  start: number;
  use: FenceUse | null;
  /** From its heading. */
  attributes: Attribute[];
  /** Column where the content of its numbered item begins; 0 for other steps. */
  indent: number;
  /** The line with the number of its item, or null. */
  markerLine: number | null;
}

export interface PhaseDraft {
  title: string;
  line: number;
  start: number;
  attributes: Attribute[];
  steps: StepDraft[];
}

/** Lines that are not prose. */
export type Cut =
  | { kind: 'heading'; start: number; end: number }
  /** `indent`: what follows the fence in its list item is indented so far. */
  | { kind: 'action'; start: number; end: number; indent: number }
  | { kind: 'task'; start: number; end: number; text: string };

export interface Outline {
  /** The text of the first H1, or null. */
  title: string | null;
  phases: PhaseDraft[];
  cuts: Cut[];
  /** The line from which on nothing was looked at because there was too much, or null. */
  fullAt: number | null;
}

/**
 * Phases, steps and task items together. Nobody works through more in one run; what follows is
 * shown as prose of the last step.
 */
const MOST_PIECES = 20_000;

interface Section {
  heading: Heading | null;
  blocks: Block[];
}

export function outline(blocks: readonly Block[], context: MarkContext, title: string): Outline {
  return new Outliner(context, title).read(blocks);
}

class Outliner {
  readonly #context: MarkContext;
  readonly #marker: Marker;
  readonly #phases: PhaseDraft[] = [];
  readonly #cuts: Cut[] = [];
  #title: string | null = null;
  readonly #fallbackTitle: string;
  /** Headings above the current place within the phase. */
  #path: { depth: number; title: string }[] = [];
  /** First line of headings that hold only prose so far, or null; the next step takes it over. */
  #carried: { line: number; title: string } | null = null;
  /** The numbered item that began last. */
  #item: (Mark & { kind: 'item' }) | null = null;
  #pieces = 0;
  #fullAt: number | null = null;

  constructor(context: MarkContext, fallbackTitle: string) {
    this.#context = context;
    this.#marker = new Marker(context);
    this.#fallbackTitle = fallbackTitle;
  }

  read(blocks: readonly Block[]): Outline {
    const sections = intoSections(blocks);
    for (const [i, section] of sections.entries()) {
      if (this.#fullAt !== null) break;
      const { heading } = section;
      if (heading === null) this.#phaseLevel(section);
      else if (heading.depth === 1 && this.#title === null) this.#titleSection(section);
      else if (heading.depth <= 2) this.#phase(section);
      else this.#section(section, heading, sections[i + 1]?.heading ?? null);
    }
    this.#endPhase();
    return {
      title: this.#title,
      phases: this.#phases,
      cuts: this.#cuts,
      fullAt: this.#fullAt,
    };
  }

  #titleSection(section: Section): void {
    const heading = section.heading;
    if (heading === null) return;
    const { title } = headingTitle(heading, this.#context);
    this.#title = title;
    // An H1 after the first phases names the runbook and is a place in it as well.
    if (this.#phases.length > 0) {
      this.#phase(section);
      return;
    }
    this.#cut(heading);
    this.#phaseLevel(section);
  }

  #phase(section: Section): void {
    const heading = section.heading;
    if (heading === null) return;
    this.#endPhase();
    const { title, attributes } = headingTitle(heading, this.#context);
    if (!this.#spend(heading.line)) return;
    this.#cut(heading);
    this.#phases.push({ title, line: heading.line, start: heading.line, attributes, steps: [] });
    this.#phaseLevel(section);
  }

  #endPhase(): void {
    this.#path = [];
    const carried = this.#carried;
    if (carried !== null) {
      this.#carried = null;
      this.#step({ title: carried.title, line: carried.line, start: carried.line });
    }
  }

  /** What stands directly under the title or a phase's heading. */
  #phaseLevel(section: Section): void {
    const marks = this.#marker.read(section.blocks, true);
    this.#work(marks, null, []);
  }

  #section(section: Section, heading: Heading, next: Heading | null): void {
    const { title, attributes } = headingTitle(heading, this.#context);
    while ((this.#path.at(-1)?.depth ?? 0) >= heading.depth) this.#path.pop();
    const above = this.#path.map((entry) => entry.title);
    this.#path.push({ depth: heading.depth, title });
    this.#cut(heading);
    const marks = this.#marks(section.blocks);
    const firstItem = marks.findIndex((mark) => mark.kind === 'item');
    const own = firstItem < 0 ? marks : marks.slice(0, firstItem);
    const worksItself = own.some((mark) => mark.kind === 'fence' || mark.kind === 'task');
    const isGroup = firstItem >= 0 || (next !== null && next.depth > heading.depth);
    const path = [...above, title];
    if (isGroup && !worksItself && attributes.length === 0) {
      this.#carried ??= { line: heading.line, title };
      this.#work(marks, null, path);
      return;
    }
    const step = this.#step({
      title,
      path: above,
      line: heading.line,
      start: heading.line,
      attributes,
    });
    if (step !== null) this.#work(marks, step, path);
  }

  /** In Muster's own format a list beside a heading's action explains it. */
  #marks(blocks: readonly Block[]): Mark[] {
    const marks = this.#marker.read(blocks, true);
    if (this.#context.format === 'guide') return marks;
    const hasItems = marks.some((mark) => mark.kind === 'item');
    const hasFence = blocks.some((block) => block.type === 'fence' && this.#marker.uses(block));
    return hasItems && hasFence ? this.#marker.read(blocks, false) : marks;
  }

  /** Gives the marks to `current`, or to steps that they begin. */
  #work(marks: readonly Mark[], current: StepDraft | null, path: string[]): void {
    let step = current;
    for (const [i, mark] of marks.entries()) {
      if (this.#fullAt !== null) return;
      switch (mark.kind) {
        case 'item':
          step = this.#itemStep(mark, path) ?? step;
          break;
        case 'fence':
          step = this.#fence(marks, i, mark, step, path) ?? step;
          break;
        case 'task':
          step ??= this.#taskStep(marks, i, path);
          if (step === null || !this.#spend(mark.line)) return;
          this.#cuts.push({ kind: 'task', start: mark.line, end: mark.end, text: mark.text });
          break;
        case 'delimiter':
          this.#cuts.push({ kind: 'heading', start: mark.line, end: mark.end });
          break;
        default:
          break;
      }
    }
  }

  #itemStep(mark: Mark & { kind: 'item' }, path: string[]): StepDraft | null {
    const { item } = mark;
    this.#item = mark;
    const { title, whole } = itemTitle(item, mark.number);
    const step = this.#step({
      title: title ?? '',
      path,
      line: item.line,
      start: item.line,
      indent: item.indent,
      markerLine: item.line,
    });
    if (step !== null && whole) {
      this.#cuts.push({ kind: 'heading', start: item.line, end: item.line });
    }
    return step;
  }

  #fence(
    marks: readonly Mark[],
    index: number,
    mark: Mark & { kind: 'fence' },
    current: StepDraft | null,
    path: string[],
  ): StepDraft | null {
    let step = current;
    if (step === null || step.use !== null || !this.#reaches(step, marks, index)) {
      step = this.#fenceStep(marks, index, mark, current, path);
    }
    if (step === null) return null;
    step.use = mark.use;
    if (step.title === '') step.title = codeTitle(mark.use.fence.code);
    if (mark.use.does.kind !== 'later') {
      const { line, end, indent } = mark.use.fence;
      this.#cuts.push({ kind: 'action', start: line, end, indent });
    }
    return step;
  }

  /**
   * Whether a fence belongs to the step before it. To a heading's step always; to a numbered item
   * when it is inside of it, or follows at once: many guides forget to indent it.
   */
  #reaches(step: StepDraft, marks: readonly Mark[], index: number): boolean {
    const opening = this.#item;
    const mark = marks[index];
    if (step.markerLine === null) return true;
    if (mark === undefined || opening === null) return false;
    const { end } = opening.item;
    if (mark.line <= end) return true;
    const follows = (marks[index - 1]?.line ?? 0) <= end;
    return follows && (opening.alone || mark.line === end + 1);
  }

  #fenceStep(
    marks: readonly Mark[],
    index: number,
    mark: Mark & { kind: 'fence' },
    current: StepDraft | null,
    path: string[],
  ): StepDraft | null {
    const before = marks[index - 1];
    const sibling = before?.kind === 'lead' && before.among === mark.among ? before : null;
    const lead = leadInTitle(sibling?.block);
    const first = current === null;
    let start = mark.line;
    if (first) {
      // The rest of the prose under a phase's heading is the phase's.
      if (lead !== null && sibling !== null) start = sibling.line;
    } else {
      for (let at = index - 1; at >= 0; at -= 1) {
        const earlier = marks[at];
        if (earlier?.kind !== 'lead' || earlier.among !== mark.among) break;
        start = earlier.line;
      }
    }
    const title = lead ?? (first ? this.#phaseTitle() : codeTitle(mark.use.fence.code));
    const inItem = current !== null && current.markerLine !== null && mark.use.fence.indent > 0;
    return this.#step({
      title,
      path,
      line: mark.line,
      start,
      indent: inItem ? current.indent : 0,
    });
  }

  /** Task items directly under a phase's heading are a step with the phase's title. */
  #taskStep(marks: readonly Mark[], index: number, path: string[]): StepDraft | null {
    const line = marks[index]?.line ?? 1;
    const before = marks[index - 1];
    const start =
      before?.kind === 'lead' && leadInTitle(before.block) !== null ? before.line : line;
    return this.#step({ title: this.#phaseTitle(), path, line, start });
  }

  #phaseTitle(): string {
    return this.#phases.at(-1)?.title ?? this.#title ?? this.#fallbackTitle;
  }

  #step(given: Pick<StepDraft, 'title' | 'line' | 'start'> & Partial<StepDraft>): StepDraft | null {
    if (!this.#spend(given.line)) return null;
    const start = this.#carried?.line ?? given.start;
    this.#carried = null;
    const step: StepDraft = {
      path: [],
      use: null,
      attributes: [],
      indent: 0,
      markerLine: null,
      ...given,
      start,
    };
    if (this.#phases.length === 0) {
      const title = this.#title ?? this.#fallbackTitle;
      this.#phases.push({ title, line: start, start, attributes: [], steps: [] });
    }
    this.#phases.at(-1)?.steps.push(step);
    return step;
  }

  #cut(heading: Heading): void {
    this.#cuts.push({ kind: 'heading', start: heading.line, end: heading.end });
  }

  #spend(line: number): boolean {
    if (this.#pieces >= MOST_PIECES) {
      this.#fullAt ??= line;
      return false;
    }
    this.#pieces += 1;
    return true;
  }
}

function intoSections(blocks: readonly Block[]): Section[] {
  let section: Section = { heading: null, blocks: [] };
  const sections = [section];
  for (const block of blocks) {
    if (block.type === 'heading') {
      section = { heading: block, blocks: [] };
      sections.push(section);
    } else {
      section.blocks.push(block);
    }
  }
  return sections;
}
