import { appendFileSync, readFileSync } from 'node:fs';
import type { Order } from './orders-database.ts';

/**
 * What the customers remember: every order that was confirmed to them, outside the database and
 * its backups. It says afterwards how many orders a restore has lost.
 */
export interface Journal {
  add(order: Pick<Order, 'id' | 'placedAt'>): void;
  /** Confirmed orders that are not among `present`, and when the first and the last were placed. */
  compare(present: ReadonlySet<string>): {
    accepted: number;
    lost: number;
    lostFrom: string | null;
    lostTo: string | null;
  };
}

export function journalIn(file: string): Journal {
  return {
    add: (order) => appendFileSync(file, journalLine(order)),
    compare: (present) => {
      // A crash may have cut the last line; only whole lines count.
      const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
      const lost = lines.filter((line) => !present.has(line.split(' ')[0] ?? ''));
      const time = (line: string | undefined) => line?.split(' ')[1] ?? null;
      return {
        accepted: lines.length,
        lost: lost.length,
        lostFrom: time(lost[0]),
        lostTo: time(lost.at(-1)),
      };
    },
  };
}

export function journalLine(order: Pick<Order, 'id' | 'placedAt'>): string {
  return `${order.id} ${order.placedAt}\n`;
}
