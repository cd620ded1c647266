import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChanges, markReviewed, removeAttribute, setAttribute, tickTask } from './edit.ts';
import { printLines, readLines, splitLines } from './lines.ts';
import { allSteps, type Step } from './model.ts';
import { parse } from './parse.ts';

const numRuns = Number(process.env.MUSTER_FUZZ ?? 1500);

const line = fc.constantFrom(
  '',
  '  ',
  'Text',
  'Trailing  ',
  '\tTab',
  '# T',
  '## P',
  '### S',
  '### S {#here risk=safe}',
  '```bash',
  '~~~sh {id=x timeout=1m}',
  '```sh { name=load interactive=false }',
  '```sh {"name":"a","x":"1"}  ',
  '```sql {id=q}',
  '```',
  '~~~',
  'ls',
  '$ ls',
  '1. one',
  '   ```sh {}',
  '   ```',
  '- [ ] task',
  '- [x] done',
  '> ```bash',
  '> ```',
);
const text = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.constantFrom('', '---\nrunbook: 1\n---\n'),
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\r\n', '\r')), { maxLength: 30 }),
    line,
  )
  .map(([mark, head, lines, last]) => mark + head + lines.flat().join('') + last);

/** Everything of a step that an edit of one attribute leaves as it is. */
const rest = ({ action, timeoutMs: _, ...step }: Step) => ({
  ...step,
  action: action === null ? null : { ...action, reviewed: null },
});

describe('the lines of a text', () => {
  it('give the same text back, and are those that are parsed', () => {
    const unit = fc.constantFrom('a', ' ', '\t', '\n', '\r', '\uFEFF', '\0', '€', '\u2028');
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit, maxLength: 60 })), (source) => {
        const read = readLines(source);
        expect(printLines(read)).toBe(source);
        expect(read.lines.map((entry) => entry.text)).toEqual(splitLines(source));
      }),
      { numRuns },
    );
  });
});

describe('edits', () => {
  it('change their stretch alone, read back as meant, and can be taken back', () => {
    fc.assert(
      fc.property(text, (source) => {
        const before = allSteps(parse(source));
        for (const [i, step] of before.entries()) {
          if (step.action === null) continue;
          const change = setAttribute(source, step.action.line, 'timeout', '7m');
          if (change === null) continue;
          const edited = applyChanges(source, [change]);
          expect(edited.slice(0, change.start)).toBe(source.slice(0, change.start));
          expect(edited.slice(change.start + change.text.length)).toBe(source.slice(change.end));
          const after = allSteps(parse(edited));
          expect(after.map(rest)).toEqual(before.map(rest));
          expect(after[i]?.timeoutMs).toBe(420_000);
          const undo = removeAttribute(edited, step.action.line, 'timeout');
          const undone = undo === null ? null : applyChanges(edited, [undo]);
          if (!/timeout|\{\}/.test(source)) expect(undone).toBe(source);
        }
      }),
      { numRuns },
    );
  });

  it('mark each action reviewed', () => {
    fc.assert(
      fc.property(text, (source) => {
        for (const [i, step] of allSteps(parse(source)).entries()) {
          if (step.action === null) continue;
          const change = markReviewed(source, step.action.line);
          if (change === null) continue;
          const after = allSteps(parse(applyChanges(source, [change])));
          expect(after[i]?.action?.reviewed).toBe(true);
        }
      }),
      { numRuns },
    );
  });

  it('tick the box of a task and no other character', () => {
    fc.assert(
      fc.property(text, (source) => {
        for (const task of allSteps(parse(source)).flatMap((step) => step.tasks)) {
          const change = tickTask(source, task.line, true);
          expect(change?.text).toBe('x');
          if (change === null) continue;
          expect(source.slice(change.start - 1, change.end + 1)).toMatch(/^\[[ x]\]$/);
        }
      }),
      { numRuns },
    );
  });

  const info = (before: string, edit: (source: string) => ReturnType<typeof setAttribute>) => {
    const source = `x\r\n\`\`\`${before}  \r\nls\r\n\`\`\`\r\n`;
    const change = edit(source);
    if (change === null) return null;
    return (
      /^x\r\n```(.*) {2}\r\nls\r\n```\r\n$/.exec(applyChanges(source, [change]))?.[1] ?? 'lost'
    );
  };

  it.each([
    ['bash', 'timeout', '20m', 'bash {timeout=20m}'],
    ['bash {id=a}', 'timeout', '20m', 'bash {id=a timeout=20m}'],
    ['bash { id=a }', 'timeout', '20m', 'bash { id=a timeout=20m }'],
    ['bash {id=a, timeout=1m}', 'timeout', '20m', 'bash {id=a, timeout=20m}'],
    ['bash {timeout="1 h" id=a}', 'timeout', '2 h', 'bash {timeout="2 h" id=a}'],
    ['bash {}', 'id', 'a', 'bash {id=a}'],
    ['bash {#a}', 'id', 'b', 'bash {id=b}'],
    ['bash {id=a}', 'if', 'a == "x"', 'bash {id=a if="a == \\"x\\""}'],
    ['bash', 'interactive', null, 'bash {interactive}'],
    ['sh {"name":"a"}', 'timeout', '1m', 'sh {"name":"a","timeout":"1m"}'],
    ['sh {"name":"a\\\\","b":{"c":[1]}}', 'name', 'b', 'sh {"name":"b","b":{"c":[1]}}'],
    ['sh {"name":"a"}', 'reviewed', null, 'sh {"name":"a","reviewed":"true"}'],
    ['bash title="x"', 'id', 'a', 'bash title="x" {id=a}'],
    ['bash {id=a', 'timeout', '1m', null],
    ['bash', 'if', 'a`', null],
    ['bash', 'if', 'a\nb', null],
  ])('set in %j: %s=%s', (before, key, value, after) =>
    expect(info(before, (source) => setAttribute(source, 2, key, value))).toBe(after),
  );

  it.each([
    ['bash {id=a timeout=1m}', 'timeout', 'bash {id=a}'],
    ['bash {timeout=1m id=a}', 'timeout', 'bash {id=a}'],
    ['bash {timeout=1m}', 'timeout', 'bash'],
    ['bash {capture=A id=x capture=B}', 'capture', 'bash {id=x}'],
    ['sh {"name":"a","x":"1"}', 'name', 'sh {"x":"1"}'],
    ['sh {"name":"a","x":"1"}', 'x', 'sh {"name":"a"}'],
    ['bash {id=a}', 'timeout', 'bash {id=a}'],
  ])('take out of %j: %s', (before, key, after) =>
    expect(info(before, (source) => removeAttribute(source, 2, key))).toBe(after),
  );

  it('edits headings, closing marks kept', () => {
    const edit = (source: string) => {
      const change = setAttribute(source, 1, 'id', 'a');
      return change === null ? null : applyChanges(source, [change]);
    };
    expect(edit('### Load  ##\n')).toBe('### Load {id=a}  ##\n');
    expect(edit('### Load {risk=safe}')).toBe('### Load {risk=safe id=a}');
    expect(edit('Load\n====')).toBeNull();
    expect(edit('text')).toBeNull();
  });

  it('confirms a guess by the review', () => {
    expect(info('bash {id=a guess="risk timeout"}', (source) => markReviewed(source, 2))).toBe(
      'bash {id=a reviewed}',
    );
    expect(info('bash {reviewed=false}', (source) => markReviewed(source, 2))).toBe(
      'bash {reviewed}',
    );
  });

  it('refuses changes that overlap', () => {
    expect(() =>
      applyChanges('abc', [
        { start: 0, end: 2, text: '' },
        { start: 1, end: 3, text: '' },
      ]),
    ).toThrow();
  });
});
