import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBlank, splitLines } from './lines.ts';
import { type Runbook, runbookSchema } from './model.ts';
import { parse } from './parse.ts';
import { show } from './show.ts';

/**
 * Every line belongs to the intro or to one phase, there to its head or to one step, and every line
 * of a step that is not blank to one of its parts, unless it is a heading, a title in full or the
 * outer line of a fence that nests.
 */
function expectNothingLost(text: string, runbook: Runbook): void {
  const lines = splitLines(text);
  expect(runbook.lines).toBe(lines.length);
  let next = 1;
  if (runbook.introRange !== null) {
    expect(runbook.introRange.start).toBe(1);
    next = runbook.introRange.end + 1;
  }
  for (const phase of runbook.phases) {
    expect(phase.range.start).toBe(next);
    expect(phase.range.end).toBeGreaterThanOrEqual(phase.range.start);
    let nextInPhase = phase.steps[0]?.range.start ?? phase.range.end + 1;
    expect(nextInPhase).toBeGreaterThanOrEqual(phase.range.start);
    for (const step of phase.steps) {
      expect(step.range.start).toBe(nextInPhase);
      expect(step.line).toBeGreaterThanOrEqual(step.range.start);
      expect(step.line).toBeLessThanOrEqual(step.range.end);
      nextInPhase = step.range.end + 1;
      expectPartsInOrder(step, lines);
    }
    expect(nextInPhase).toBe(phase.range.end + 1);
    next = phase.range.end + 1;
  }
  expect(next).toBe(lines.length + 1);
}

function expectPartsInOrder(step: Runbook['phases'][0]['steps'][0], lines: string[]): void {
  let at = step.range.start;
  const uncovered: string[] = [];
  for (const part of step.parts) {
    expect(part.range.start).toBeGreaterThanOrEqual(at);
    for (let line = at; line < part.range.start; line += 1) uncovered.push(lines[line - 1] ?? '');
    if (part.kind === 'prose') {
      expect(part.markdown.split('\n')).toHaveLength(part.range.end - part.range.start + 1);
    }
    at = part.range.end + 1;
  }
  for (let line = at; line <= step.range.end; line += 1) uncovered.push(lines[line - 1] ?? '');
  for (const line of uncovered) {
    if (!isBlank(line))
      expect(line).toMatch(/^[ >]{0,9}(?:#{1,6}(?:\s|$)|\d+[.)]|(?:```|~~~)(?:md|markdown)?\s*$)/);
  }
  expect(step.parts.filter((part) => part.kind === 'action')).toHaveLength(
    step.action === null ? 0 : 1,
  );
  const counted = step.parts.reduce(
    (sum, part) => sum + (part.kind === 'tasks' ? part.count : 0),
    0,
  );
  expect(counted).toBe(step.tasks.length);
}

function check(text: string): void {
  const runbook = parse(text);
  runbookSchema.parse(runbook);
  const ids = runbook.phases.flatMap((phase) => phase.steps.map((step) => step.id));
  expect(new Set(ids).size).toBe(ids.length);
  expectNothingLost(text, runbook);
  for (const finding of runbook.findings) {
    expect(finding.line).toBeLessThanOrEqual(Math.max(1, runbook.lines));
  }
  expect(JSON.parse(JSON.stringify(show(runbook, text)))).toMatchObject({ lines: runbook.lines });
}

const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('', '', 'Some text', '**Lead**:', 'a | b', '--|--', '| RTO | x |'),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom('# T', '## P', '### S', '#### G', '##### H', '### S {id=a if="b"}'),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      '```',
      '```bash',
      '```sh {id=x timeout=1m}',
      '```markdown',
      '~~~',
      '````md',
      '```yaml',
      '```ask',
      'question: a',
    ),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      '1. one',
      '2. two',
      '- [ ] task',
      '- item',
      '   inside',
      '  - [x] t',
      '   ```sh',
      '   ```',
      '1. ```sh',
      '1.',
      '> quote',
      '> ```bash',
      '> ```',
      '- 1. x',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '<!--',
      '-->',
      '<details>',
      '---',
      '    code',
      '\ttab',
      'x\0y',
      '[a]: b',
    ),
  },
);
const markdown = fc
  .tuple(
    fc.constantFrom('', '---\nrunbook: 1\n---\n', '---\ntitle: x\n---\n', '---\n'),
    fc.array(line, { maxLength: 40 }),
  )
  .map(([head, lines]) => head + lines.join('\n'));

describe('parse', () => {
  it('loses no line of random Markdown', () => {
    // MUSTER_FUZZ=200000 for the long count.
    fc.assert(fc.property(markdown, check), { numRuns: Number(process.env.MUSTER_FUZZ ?? 2000) });
  });

  it('loses no line of random text', () => {
    const unit = fc.constantFrom(...'#`~->*+1.[]()<>{}|:=\\\n\n\r\t "\'!_ax\0\uFEFF€');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 300 }), (text) => {
        const runbook = parse(text);
        runbookSchema.parse(runbook);
        expect(runbook.lines).toBe(splitLines(text).length);
      }),
      { numRuns: Number(process.env.MUSTER_FUZZ ?? 2000) },
    );
  });

  it.each([
    '',
    '\n',
    '\uFEFF',
    '\0',
    '---',
    '---\n---',
    '---\nrunbook: 1',
    '# ',
    '##',
    '1.',
    '- [ ]',
    '```',
    '```bash',
    '> ```bash\nx',
    '|\n-|',
    '1. ```sh\n   x',
    'a\r\rb\r\n',
  ])('takes %j', check);

  /** About 300 kB of one construct each: what is more than linear would take minutes here. */
  const many = (text: string): string => text.repeat(Math.ceil(300_000 / text.length));
  it.each(
    [
      '`',
      '>',
      '> ',
      '*',
      '* ',
      '[',
      '1. ',
      '1. a\n',
      '|',
      '|-',
      '#',
      '# a\n',
      '<',
      '<a ',
      '```\n',
      '\t',
      '\0',
      '- - ',
      '&',
      '\\',
      '- [ ] a\n',
      '```markdown\n```sh\n```\n',
      '> - 1. ',
      '{',
      '$ ',
      '<!--',
      '```sh\nls\n```\n',
      '### a {',
      '**a*_`[',
      'a\n=\n',
      '\n',
    ].map((text) => [text]),
  )('takes 300 kB of %j', (text) => check(many(text)));

  it('takes containers nested 10,000 deep', () => {
    for (const mark of ['> ', '- ', '1. ', '>']) check(`# T\n${mark.repeat(10_000)}x\n### S\n`);
    const staircase = Array.from({ length: 400 }, (_, i) => `${'  '.repeat(i)}- a`);
    check(staircase.join('\n'));
    expect(parse(staircase.join('\n')).findings.map((finding) => finding.rule)).toContain(
      'nesting-too-deep',
    );
  });

  it('bounds what a text can become', () => {
    const runbook = parse(many('### a\n'));
    const steps = runbook.phases.flatMap((phase) => phase.steps);
    expect(steps).toHaveLength(20_000);
    expect(runbook.findings).toMatchObject([
      { rule: 'too-large', severity: 'warning', line: 20_001 },
    ]);
    expect(steps.at(-1)?.range.end).toBe(runbook.lines);
    expect(parse(`---\nrunbook: 1\n---\n${many('### a\n')}`).findings).toContainEqual(
      expect.objectContaining({ rule: 'too-large', severity: 'error' }),
    );
  });
});
