import type { Item } from './blocks.ts';
import { dedent, isBlank } from './lines.ts';

/**
 * The Markdown of a task item without its box, from its first line to `until`, the item's
 * indentation removed. The caller leaves out what the item holds beyond text: further tasks, commands.
 */
export function taskText(
  item: Item,
  until: number,
  lines: readonly string[],
): { line: number; end: number; text: string } {
  const first = item.children[0];
  const opening = first?.type === 'paragraph' ? (first.text[0] ?? '') : '';
  let end = Math.max(item.line, until);
  while (end > item.line && isBlank(lines[end - 1] ?? '')) end -= 1;
  const rest = lines.slice(item.line, end).map((line) => dedent(line, item.indent));
  return {
    line: item.line,
    end,
    text: [opening.replace(/^\[[ xX]\]\s+/, ''), ...rest].join('\n').trimEnd(),
  };
}
