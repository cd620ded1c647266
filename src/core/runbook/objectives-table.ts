import { parseDuration } from '../units.ts';
import { type Block, type Table, visit } from './blocks.ts';
import type { Findings } from './findings.ts';
import type { Objective } from './model.ts';
import { plainText } from './plain-text.ts';
import { splitCells } from './table-row.ts';

/** No system promises recovery for more components; the bound is for tables that are data. */
const MOST = 1000;

/** What people write where nothing is promised. */
const NOTHING = /^(?:|-+|–|—|n\/?a|none|tbd|not applicable|\?)$/i;

/**
 * The objectives of a plain guide: every table whose head says RTO or RPO, its first column the
 * component. A cell that is no duration promises nothing and gives a warning.
 */
export function objectivesFromTables(blocks: readonly Block[], findings: Findings): Objective[] {
  const found = new Map<string, Objective>();
  visit(blocks, (block) => {
    if (block.type === 'table') readTable(block, found, findings);
  });
  return [...found.values()];
}

function readTable(table: Table, found: Map<string, Objective>, findings: Findings): void {
  const head = splitCells(table.header).map(plainText);
  const rto = head.findIndex((cell) => /\bRTO\b|recovery time objective/i.test(cell));
  const rpo = head.findIndex((cell) => /\bRPO\b|recovery point objective/i.test(cell));
  if ((rto < 1 && rpo < 1) || rto === 0 || rpo === 0) return;
  for (const row of table.rows.slice(0, MOST)) {
    const cells = splitCells(row.text).map(plainText);
    const component = cells[0] ?? '';
    if (component === '' || found.has(component) || found.size >= MOST) continue;
    const read = (name: string, column: number): number | null => {
      if (column < 0) return null;
      const text = cells[column] ?? '';
      const ms = promised(text);
      if (ms === null && !NOTHING.test(text)) {
        findings.warning(
          'objective-unreadable',
          { line: row.line, column: 1 },
          `The ${name} of "${component}" is no duration: "${text}".`,
          'Write one duration with its unit, such as 30 minutes.',
        );
      }
      return ms;
    };
    const rtoMs = read('RTO', rto);
    // One column may hold both: RTO/RPO says the same for each.
    const rpoMs = rpo === rto ? rtoMs : read('RPO', rpo);
    found.set(component, { component, rtoMs, rpoMs, line: row.line });
  }
}

function promised(text: string): number | null {
  return parseDuration(text.replace(/^(?:<=?|≤|~|≈|max\.?|at most|up to|within|under)\s*/i, ''));
}
