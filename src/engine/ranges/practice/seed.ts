import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { damage, makeBackup } from './backups.ts';
import { journalLine } from './journal.ts';
import { insertOrder, orderId, schema } from './orders-database.ts';

/** Where the parts of a range lie, below its folder. */
export interface RangeFiles {
  /** The live database; the service works on it. */
  database: string;
  backups: string;
  journal: string;
}

export function rangeFiles(data: string): RangeFiles {
  return {
    database: join(data, 'live', 'orders.db'),
    backups: join(data, 'backups'),
    journal: join(data, 'journal.log'),
  };
}

const MINUTE_MS = 60_000;
/** How far the orders go back. */
const HISTORY_MS = 4 * 60 * MINUTE_MS;
/** Time between two orders of the past. */
const EVERY_MS = 4_500;
/** Age of the backups at the start, oldest first. The last one is damaged. */
const BACKUP_AGES_MS = [45 * MINUTE_MS, 20 * MINUTE_MS, 8 * MINUTE_MS];
/** The oldest backup was copied back lately, so that the order of file times is wrong. */
const COPIED_BACK_MS = 3 * MINUTE_MS;

/**
 * Fills a new range: hours of orders up to `now` (ms since the epoch), and backups as they were
 * taken on the way. Does nothing when the range is there. A crash in the middle leaves no half range.
 */
export function seed(data: string, now: number, nativeBinding: string | undefined): void {
  if (existsSync(data)) return;
  const partial = `${data}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const files = rangeFiles(partial);
  mkdirSync(join(partial, 'live'), { recursive: true, mode: 0o700 });
  mkdirSync(files.backups, { mode: 0o700 });

  const db = new Database(files.database, nativeBinding === undefined ? {} : { nativeBinding });
  try {
    db.exec(schema);
    const insert = db.prepare(insertOrder);
    const journal: string[] = [];
    const placeUntil = db.transaction((from: number, to: number) => {
      for (let at = from; at < to; at += EVERY_MS) {
        const number = Math.round(at / EVERY_MS);
        const order = someOrder(number, new Date(at - (number % 7) * 130).toISOString());
        insert.run(order.id, order.placedAt, order.customer, order.item, order.quantity);
        journal.push(journalLine(order));
      }
    });
    let from = now - HISTORY_MS;
    for (const age of BACKUP_AGES_MS) {
      const taken = now - age;
      placeUntil(from, taken);
      from = taken;
      const oldest = age === BACKUP_AGES_MS[0];
      const backup = makeBackup(db, files.backups, taken, oldest ? now - COPIED_BACK_MS : taken);
      if (age === BACKUP_AGES_MS.at(-1)) damage(backup, taken);
    }
    placeUntil(from, now);
    writeFileSync(files.journal, journal.join(''));
  } finally {
    db.close();
  }
  renameSync(partial, data);
}

const ITEMS = ['lamp', 'rope', 'compass', 'kettle', 'chart', 'blanket', 'whistle'];

/** What one of the made-up customers orders. */
export function someOrder(number: number, placedAt: string) {
  return {
    id: orderId(placedAt),
    placedAt,
    customer: `customer-${1 + (number % 97)}`,
    item: ITEMS[number % ITEMS.length] ?? 'lamp',
    quantity: 1 + (number % 4),
  };
}
