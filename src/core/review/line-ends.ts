import type { SectionChange } from './comparison.ts';

const names: Record<string, string> = { '\n': 'LF', '\r\n': 'CRLF', '\r': 'CR', '': 'no line end' };

/**
 * What two texts differ in without a line that shows it. With these, a comparison that says
 * nothing means that the texts are the same, byte for byte.
 */
export function unseenChanges(
  before: string,
  after: string,
  sections: readonly SectionChange[],
): string[] {
  const unseen: string[] = [];
  const hadMark = before.startsWith('\uFEFF');
  const hasMark = after.startsWith('\uFEFF');
  if (hadMark !== hasMark) {
    unseen.push(hasMark ? 'A byte order mark was added.' : 'The byte order mark was removed.');
  }
  const endsBefore = endsOf(before);
  const endsAfter = endsOf(after);
  const counts = new Map<string, number>();
  for (const { lines } of sections) {
    for (const line of lines) {
      if (line.before === null || line.after === null) continue;
      const was = endsBefore[line.before - 1] ?? '';
      const is = endsAfter[line.after - 1] ?? '';
      if (was === is) continue;
      const change = `${names[was]} before, ${names[is]} now`;
      counts.set(change, (counts.get(change) ?? 0) + 1);
    }
  }
  for (const [change, count] of counts) {
    unseen.push(`${count === 1 ? '1 line ends' : `${count} lines end`} otherwise: ${change}.`);
  }
  return unseen;
}

/** What ends each line, as `splitLines` cuts them. */
function endsOf(text: string): string[] {
  return text.match(/\r\n|\n|\r/g) ?? [];
}
