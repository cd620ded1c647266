import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitLines } from '../runbook/lines.ts';
import { parse } from '../runbook/parse.ts';
import { compare } from './compare.ts';
import { type Comparison, isSame } from './comparison.ts';
import { unmoved } from './match.ts';

const versionOf = (text: string) => ({ text, runbook: parse(text) });
const compared = (before: string, after: string) => compare(versionOf(before), versionOf(after));
const told = ({ sections }: Comparison) =>
  sections
    .filter(({ change, movedFrom }) => change !== 'same' || movedFrom !== null)
    .map(({ kind, change, title, movedFrom }) =>
      [kind, change, title, movedFrom === null ? '' : 'moved'].filter(Boolean).join(' '),
    );

const text = `---
runbook: 1
title: Restore
---
# Restore
Read this.

## Stop
### Scale down
\`\`\`bash {id=stop}
kubectl scale --replicas=0 deploy/orders
\`\`\`
### Tell support
Write to them.

## Load
### Load the dump
\`\`\`bash {id=load timeout=20m}
pg_restore dump
\`\`\`
### Count rows
- [ ] The count matches
`;

describe('compare', () => {
  test('says nothing about equal texts', () => {
    expect(isSame(compared(text, text))).toBe(true);
  });

  test('names the step that changed and the words that did', () => {
    const result = compared(text, text.replace('replicas=0', 'replicas=1'));
    expect(told(result)).toEqual(['step changed Scale down']);
    const lines = result.sections.flatMap(({ lines }) =>
      lines.filter(({ kind }) => kind !== 'same'),
    );
    expect(lines.map(({ kind, before, after }) => [kind, before, after])).toEqual([
      ['removed', 11, null],
      ['added', null, 11],
    ]);
    expect(lines[1]?.words?.filter(({ changed }) => changed).map((word) => word.text)).toEqual([
      '1',
    ]);
  });

  test('finds added, removed, moved and renamed steps, front matter and phases', () => {
    const added = text.replace('### Count rows', '### Wait\nA minute.\n### Count rows');
    expect(told(compared(text, added))).toEqual(['step added Wait']);
    expect(told(compared(added, text))).toEqual(['step removed Wait']);

    const support = '### Tell support\nWrite to them.\n\n';
    const moved = text.replace(support, '').replace('### Count rows', `${support}### Count rows`);
    expect(told(compared(text, moved))).toEqual(['step same Tell support moved']);

    const renamed = text.replace('### Tell support', '### Tell the support desk');
    const [section] = compared(text, renamed).sections.filter(({ change }) => change !== 'same');
    expect(section).toMatchObject({ change: 'changed', titleBefore: 'Tell support' });

    expect(told(compared(text, text.replace('title: Restore', 'title: Recover')))).toEqual([
      'intro changed',
    ]);
    expect(told(compared(text, text.replace('## Load\n', '## Load again\n')))).toEqual([
      'phase changed Load again',
    ]);
  });

  test('tells line ends and byte order marks, which no line shows', () => {
    const result = compared(text, `\uFEFF${text.replaceAll('\n', '\r\n')}`);
    expect(told(result)).toEqual([]);
    expect(result.unseen).toEqual([
      'A byte order mark was added.',
      `${splitLines(text).length} lines end otherwise: LF before, CRLF now.`,
    ]);
    expect(compared(text, text.slice(0, -1)).unseen).toEqual([
      '1 line ends otherwise: LF before, no line end now.',
    ]);
  });

  test('goes on where two texts have nothing in common', () => {
    const one = Array.from({ length: 5000 }, (_, i) => `a${i}`).join('\n');
    const other = Array.from({ length: 5000 }, (_, i) => `b${i}`).join('\n');
    const result = compared(one, other);
    expect(result.sections.flatMap(({ lines }) => lines)).toHaveLength(10_000);
  });

  const line = fc.oneof(
    fc.constantFrom('## Stop', '## Load', '### One', '### Two {id=two}', '### Three', '', '---'),
    fc.constantFrom('1. First', '2. Second', '- [ ] Tick', '```bash {id=x}', '```', 'title: x'),
    fc.string({ maxLength: 12 }),
  );
  const document = fc
    .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('\n', '\r\n', '\r'))
    .map(([lines, end]) => lines.join(end));
  const pair = fc.oneof(
    fc.tuple(document, document),
    // Two texts that share most of their lines, as two versions do.
    fc
      .tuple(document, fc.array(fc.tuple(fc.nat(40), line), { maxLength: 4 }))
      .map(([one, edits]) => {
        const lines = one.split('\n');
        for (const [at, with_] of edits) lines.splice(at % (lines.length + 1), at % 2, with_);
        return [one, lines.join('\n')] as const;
      }),
  );

  test('holds every line of both texts exactly once, and hides no difference', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const result = compared(before, after);
        const lines = result.sections.flatMap((section) => section.lines);
        for (const [side, source] of [
          ['before', before],
          ['after', after],
        ] as const) {
          const found = lines
            .flatMap((one) => (one[side] === null ? [] : [[one[side], one.text] as const]))
            .sort(([a], [b]) => a - b);
          expect(found).toEqual(splitLines(source).map((one, i) => [i + 1, one]));
        }
        for (const { words, text: whole } of lines) {
          if (words !== null) expect(words.map((word) => word.text).join('')).toBe(whole);
        }
        expect(isSame(result)).toBe(before === after);
      }),
      { numRuns: 2_000 },
    );
  });
});

test('as few sections as possible count as moved', () => {
  expect([...unmoved([0, 1, 2])]).toHaveLength(3);
  expect([...unmoved([2, 0, 1])].sort()).toEqual([1, 2]);
  expect([...unmoved([])]).toEqual([]);
});
