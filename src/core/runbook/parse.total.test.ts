import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitLines } from './lines.ts';
import { runbookSchema } from './model.ts';
import { parse } from './parse.ts';
import { expectSound } from './test/sound.ts';

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
    fc.assert(fc.property(markdown, expectSound), {
      numRuns: Number(process.env.MUSTER_FUZZ ?? 2000),
    });
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
  ])('takes %j', expectSound);

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
  )('takes 300 kB of %j', (text) => expectSound(many(text)));

  it('takes containers nested 10,000 deep', () => {
    for (const mark of ['> ', '- ', '1. ', '>'])
      expectSound(`# T\n${mark.repeat(10_000)}x\n### S\n`);
    const staircase = Array.from({ length: 400 }, (_, i) => `${'  '.repeat(i)}- a`);
    expectSound(staircase.join('\n'));
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
