import fc from 'fast-check';
import type { Root, RootContent } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { describe, expect, it } from 'vitest';
import type { Block } from './blocks.ts';
import { splitLines } from './lines.ts';
import { scan } from './scan.ts';

/** What both parsers are compared by: kinds, nesting, lines and code. */
type Shape = (string | number | Shape)[];

function ours(blocks: readonly Block[]): Shape[] {
  return blocks.map((block): Shape => {
    switch (block.type) {
      case 'heading':
        return ['heading', block.line, block.end, block.depth];
      case 'fence':
        return ['code', block.line, block.code.join('\n').trimEnd()];
      case 'code':
        return ['indented', block.line];
      case 'list':
        return [
          block.ordered ? 'ol' : 'ul',
          ...block.items.map((item): Shape => [item.line, ...ours(item.children)]),
        ];
      case 'quote':
        return ['quote', block.line, ...ours(block.children)];
      case 'table':
        return ['table', block.line, block.rows.length];
      case 'html':
        return ['html', block.line];
      default:
        return [block.type, block.line, block.end];
    }
  });
}

function theirs(nodes: readonly RootContent[], lines: readonly string[]): Shape[] {
  return nodes.map((node): Shape => {
    const line = node.position?.start.line ?? 0;
    const end = node.position?.end.line ?? 0;
    switch (node.type) {
      case 'heading':
        return ['heading', line, end, node.depth];
      case 'code': {
        // Blank lines at the end of an unclosed fence are taken differently.
        const column = node.position?.start.column ?? 1;
        const opening = lines[line - 1]?.slice(column - 1) ?? '';
        return /^ {0,3}(?:```|~~~)/.test(opening)
          ? ['code', line, node.value.trimEnd()]
          : ['indented', line];
      }
      case 'list':
        return [
          node.ordered === true ? 'ol' : 'ul',
          ...node.children.map(
            (item): Shape => [item.position?.start.line ?? 0, ...theirs(item.children, lines)],
          ),
        ];
      case 'blockquote':
        return ['quote', line, ...theirs(node.children, lines)];
      case 'table':
        return ['table', line, node.children.length - 1];
      case 'thematicBreak':
        return ['rule', line, end];
      case 'html':
        return ['html', line];
      default:
        return [node.type, line, end];
    }
  });
}

const remark = unified().use(remarkParse).use(remarkGfm);

function compare(text: string): void {
  const lines = splitLines(text);
  const tree: Root = remark.parse(text);
  expect(ours(scan(lines, { from: 0, nestedFences: false }).blocks), JSON.stringify(text)).toEqual(
    theirs(tree.children, lines),
  );
}

/**
 * Where remark-parse itself leaves CommonMark it is not followed: list items that are empty or do
 * not begin with 1, right after a paragraph or indented code. So these are not among the lines.
 */
const starts = ['# ', '## ', '### ', '', '', '', '- ', '* ', '1. ', '> '];
const indents = ['', '', '', ' ', '  ', '   '];
const contents = [
  'text',
  'more text',
  '',
  '```',
  '```bash',
  '~~~',
  '````',
  '---',
  '***',
  '===',
  '<!-- a',
  'b -->',
  '<div>',
  '</div>',
  'a | b',
  '--|--',
  '- [ ] task',
  '# h #',
  '`code`',
  '#no',
];

const lines = fc
  .array(
    fc.tuple(
      fc.constantFrom(...indents),
      fc.constantFrom(...starts),
      fc.constantFrom(...contents),
      fc.boolean(),
    ),
    { maxLength: 12 },
  )
  .map((rows) =>
    rows.flatMap(([indent, start, content, blank]) => {
      const row = indent + start + (content === '' && start !== '' ? 'x' : content);
      return blank ? [row, ''] : [row];
    }),
  );

describe('scan', () => {
  it('agrees with remark-parse on the structure of random Markdown', () => {
    fc.assert(
      fc.property(lines, (rows) => compare(rows.join('\n'))),
      { numRuns: Number(process.env.MUSTER_FUZZ ?? 1000) },
    );
  });

  it('agrees on indentation by tabs, nested lists and code in them', () => {
    compare('1. a\n\n\t```sh\n\tls\n\t```\n\n   b\n2. c\n   - d\n\n         e\n\n\tf\n');
    compare('- a\n  - b\n    1. c\n\n       ~~~\n       d\n       ~~~\n  - e\n\nf\n');
    compare('> > a\nb\n> c\n\n> ```\n> d\ne\n```\nf\n');
    compare(
      'a\n\n    code\n\n    code\n\n<details>\n<summary>x</summary>\n\n```sh\nls\n```\n\n</details>\n',
    );
    compare('| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 |\n\ntext\n');
  });

  it('keeps the unclosed fence and what it holds', () => {
    const { blocks } = scan(splitLines('a\n```sh\nls\n# no heading'), {
      from: 0,
      nestedFences: true,
    });
    expect(blocks).toMatchObject([
      { type: 'paragraph' },
      { type: 'fence', info: 'sh', code: ['ls', '# no heading'], closed: false, line: 2, end: 4 },
    ]);
  });

  it('reads lists and quotes that nest too deep as text', () => {
    for (const mark of ['>', '- ', '1. ', '> - ']) {
      const found = scan([`${mark.repeat(10_000)}x`, 'a'], { from: 0, nestedFences: true });
      expect(found.tooDeep).toBe(1);
    }
  });

  it('stops at a bounded number of blocks', () => {
    const found = scan(
      Array.from({ length: 200_000 }, () => '# a'),
      { from: 0, nestedFences: true },
    );
    expect(found.fullAt).toBe(150_001);
    expect(found.blocks).toHaveLength(150_000);
  });
});

describe('nested fences', () => {
  const outer = [
    '## Above',
    '```markdown',
    '# Inner',
    '```bash',
    'ls',
    '```',
    '## Deeper',
    '```',
    'after',
  ];

  it('reads the content as part of the guide, below the heading above it', () => {
    const { blocks } = scan(outer, { from: 0, nestedFences: true });
    expect(blocks.map(({ type, line }) => [type, line])).toEqual([
      ['heading', 1],
      ['delimiter', 2],
      ['heading', 3],
      ['fence', 4],
      ['heading', 7],
      ['delimiter', 8],
      ['paragraph', 9],
    ]);
    expect(blocks.flatMap((block) => (block.type === 'heading' ? [block.depth] : []))).toEqual([
      2, 3, 4,
    ]);
  });

  it('leaves alone what CommonMark reads well', () => {
    for (const text of [
      '````markdown\n```bash\nls\n```\n````\n',
      '```markdown\n# Only text\n```\n```bash\nls\n```\n',
      '```markdown\n```bash\nls\n```\nno end\n',
    ]) {
      const rows = splitLines(text);
      const plain = scan(rows, { from: 0, nestedFences: false });
      expect(scan(rows, { from: 0, nestedFences: true })).toEqual(plain);
    }
  });

  it('works with tildes too', () => {
    const { blocks } = scan(
      outer.map((row) => row.replace('```', '~~~')),
      {
        from: 0,
        nestedFences: true,
      },
    );
    expect(blocks.filter((block) => block.type === 'delimiter')).toHaveLength(2);
  });
});
