import type Database from 'better-sqlite3';
import { z } from 'zod';
import { damaged, type Guard } from './failures.ts';

const rowSchema = z.object({
  /** The name as names are compared; see `core/approval/names.ts`. */
  handle: z.string(),
  name: z.string(),
  /** Ed25519, 32 bytes. */
  publicKey: z.instanceof(Uint8Array).nullable(),
  /** What a PIN is checked against, as the engine wrote it. */
  pin: z.string().nullable(),
  /** Wrong PINs since the last right one. */
  wrongPins: z.number().int().nonnegative(),
  /** When the last wrong one was typed; UTC, ISO 8601. */
  wrongAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type PersonRow = z.infer<typeof rowSchema>;

/** Colleagues who may approve steps on this machine. */
export interface People {
  /** By name. */
  list(): PersonRow[];
  get(handle: string): PersonRow | null;
  /** False when somebody of that name is there already; then nothing changes. */
  add(
    person: Pick<PersonRow, 'handle' | 'name' | 'createdAt'> & { publicKey: Uint8Array | null },
  ): boolean;
  /** False when there was nobody of that name. */
  remove(handle: string): boolean;
  /** Sets the PIN and forgets the wrong ones. */
  setPin(handle: string, pin: string): void;
  /** Counts a PIN as wrong until `forgetWrongPins` says otherwise. */
  countWrongPin(handle: string, at: string): void;
  forgetWrongPins(handle: string): void;
}

const columns = `handle, name, public_key AS publicKey, pin, wrong_pins AS wrongPins,
  wrong_at AS wrongAt, created_at AS createdAt FROM people`;

export function peopleIn(db: Database.Database, guard: Guard): People {
  const all = db.prepare(`SELECT ${columns} ORDER BY handle`);
  const one = db.prepare(`SELECT ${columns} WHERE handle = ?`);
  const insert = db.prepare(
    'INSERT INTO people (handle, name, public_key, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const remove = db.prepare('DELETE FROM people WHERE handle = ?');
  const setPin = db.prepare(
    'UPDATE people SET pin = ?, wrong_pins = 0, wrong_at = NULL WHERE handle = ?',
  );
  const count = db.prepare(
    'UPDATE people SET wrong_pins = wrong_pins + 1, wrong_at = ? WHERE handle = ?',
  );
  const forget = db.prepare('UPDATE people SET wrong_pins = 0, wrong_at = NULL WHERE handle = ?');

  function parsed(found: unknown): PersonRow {
    const row = rowSchema.safeParse(found);
    if (!row.success) throw damaged(db.name, 'a person', row.error.message);
    return row.data;
  }

  return {
    list: () => guard(() => all.all().map(parsed)),
    get: (handle) =>
      guard(() => {
        const found = one.get(handle);
        return found === undefined ? null : parsed(found);
      }),
    add: ({ handle, name, publicKey, createdAt }) =>
      guard(() => insert.run(handle, name, publicKey, createdAt).changes > 0),
    remove: (handle) => guard(() => remove.run(handle).changes > 0),
    setPin: (handle, pin) =>
      guard(() => {
        setPin.run(pin, handle);
      }),
    countWrongPin: (handle, at) =>
      guard(() => {
        count.run(at, handle);
      }),
    forgetWrongPins: (handle) =>
      guard(() => {
        forget.run(handle);
      }),
  };
}
