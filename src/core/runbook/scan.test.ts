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
        return ['code', block.line, block.code.join('\n')];
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
        const column = node.position?.start.column ?? 1;
        const opening = lines[line - 1]?.slice(column - 1) ?? '';
        return /^\s*(?:```|~~~)/.test(opening) ? ['code', line, node.value] : ['indented', line];
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

const starts = ['# ', '## ', '### ', '#### ', '', '', '', '- ', '* ', '1. ', '2. ', '3) ', '> '];
const indents = ['', '', '', ' ', '  ', '   ', '    ', '     ', '\t'];
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
  '<b>x</b>',
  '- [ ] task',
  '- ',
  '2. x',
  '# h #',
  '`code`',
  '#no',
];

const line = fc
  .tuple(
    fc.constantFrom(...indents),
    fc.array(fc.constantFrom(...starts), { maxLength: 2 }),
    fc.constantFrom(...indents),
    fc.constantFrom(...contents),
  )
  .map(([outer, marks, inner, content]) => outer + marks.join('') + inner + content);

describe('scan', () => {
  it('agrees with remark-parse on the structure of random Markdown', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => compare(lines.join('\n'))),
      { numRuns: Number(process.env.MUSTER_FUZZ ?? 1500) },
    );
  });
});
