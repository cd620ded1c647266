import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { z } from 'zod';

const orderSchema = z.object({
  id: z.string(),
  /** UTC, ISO 8601 with milliseconds. */
  placedAt: z.iso.datetime(),
  customer: z.string(),
  item: z.string(),
  quantity: z.number().int(),
});
export type Order = z.infer<typeof orderSchema>;

/**
 * The live database of the orders service: one file, in rollback-journal mode, so that copying it
 * while the service is stopped is a whole copy. The file is opened for each request: damage to it,
 * or another file in its place, is noticed by the next one.
 */
export interface OrdersDatabase {
  accept(order: Omit<Order, 'id'>): Order;
  /** All orders, or those placed up to and including `until` (ISO 8601, as in an order). */
  count(until?: string): number;
  /** The newest order, or null when there is none. */
  latest(): Order | null;
  find(id: string): Order | null;
  /** All ids; for the comparison with what customers remember. */
  ids(): Set<string>;
  /** Reads every page and writes once. Throws with SQLite's reason when either fails. */
  prove(): void;
}

export const schema = `
  CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    placed_at TEXT NOT NULL,
    customer TEXT NOT NULL,
    item TEXT NOT NULL,
    quantity INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX orders_by_time ON orders (placed_at);
  CREATE TABLE heartbeat (id INTEGER PRIMARY KEY CHECK (id = 1), at TEXT NOT NULL) STRICT;
`;

export const insertOrder =
  'INSERT INTO orders (id, placed_at, customer, item, quantity) VALUES (?, ?, ?, ?, ?)';

/** Ids sort by time and are never used again, also not after a restore. */
export function orderId(placedAt: string): string {
  return `${placedAt.replace(/[^0-9]/g, '')}-${randomBytes(3).toString('hex')}`;
}

const columns = 'id, placed_at AS placedAt, customer, item, quantity';

export function ordersIn(file: string, nativeBinding: string | undefined): OrdersDatabase {
  function use<T>(work: (db: Database.Database) => T): T {
    const binding = nativeBinding === undefined ? {} : { nativeBinding };
    const db = new Database(file, { fileMustExist: true, timeout: 2_000, ...binding });
    try {
      return work(db);
    } finally {
      db.close();
    }
  }
  const orderOrNull = (row: unknown): Order | null =>
    row === undefined ? null : orderSchema.parse(row);

  return {
    accept: (details) =>
      use((db) => {
        const order = { id: orderId(details.placedAt), ...details };
        const { id, placedAt, customer, item, quantity } = order;
        db.prepare(insertOrder).run(id, placedAt, customer, item, quantity);
        return order;
      }),
    count: (until) =>
      use((db) => {
        const select = 'SELECT count(*) FROM orders';
        if (until === undefined) return Number(db.prepare(select).pluck().get());
        return Number(db.prepare(`${select} WHERE placed_at <= ?`).pluck().get(until));
      }),
    latest: () =>
      use((db) =>
        orderOrNull(
          db
            .prepare(`SELECT ${columns} FROM orders ORDER BY placed_at DESC, id DESC LIMIT 1`)
            .get(),
        ),
      ),
    find: (id) =>
      use((db) => orderOrNull(db.prepare(`SELECT ${columns} FROM orders WHERE id = ?`).get(id))),
    ids: () => use((db) => new Set(db.prepare('SELECT id FROM orders').pluck().all().map(String))),
    prove: () =>
      use((db) => {
        const found = String(db.pragma('quick_check(1)', { simple: true }));
        if (found !== 'ok') throw new Error(found.replaceAll('\n', ' '));
        db.prepare('INSERT OR REPLACE INTO heartbeat (id, at) VALUES (1, ?)').run(
          new Date().toISOString(),
        );
      }),
  };
}
