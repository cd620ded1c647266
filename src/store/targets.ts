import type Database from 'better-sqlite3';
import { z } from 'zod';
import { MusterError } from '../core/problem.ts';
import { type IdentityPart, identityKey, pinSchema } from '../core/targets/identity.ts';
import type { KeptTarget } from '../core/targets/roles.ts';
import { type Target, targetSchema } from '../core/targets/target.ts';
import { damaged, type Guard } from './failures.ts';

/** The operator's targets, with the identities that are pinned to them. */
export interface Targets {
  /** By name. */
  list(): KeptTarget[];
  /** Null when there is none of this name. */
  get(name: string): KeptTarget | null;
  /** Throws MusterError `target-exists`. */
  add(target: Target): void;
  /** Replaces what is kept under the name; pins stay. Throws MusterError `target-unknown`. */
  change(target: Target): void;
  /** With its pins. Runs that were bound to it keep their record. */
  remove(name: string): void;
  /**
   * Pins an identity where none is pinned yet, and returns the one that is pinned then. When two
   * processes see a target first, the one that comes second gets the other's.
   */
  pinFirst(name: string, part: IdentityPart, by: string): IdentityPart;
  /** Pins these in place of what is pinned to the same parts: a person accepted them. */
  accept(name: string, parts: readonly IdentityPart[], by: string): void;
  /** Forgets what is pinned. The next use pins anew. */
  unpin(name: string): void;
}

const targetRowSchema = z.object({ name: z.string(), body: z.string() });
const pinRowSchema = z.object({ part: z.string(), pinnedAt: z.string(), pinnedBy: z.string() });

export function targetsIn(db: Database.Database, guard: Guard): Targets {
  const all = db.prepare('SELECT name, body FROM targets ORDER BY name');
  const one = db.prepare('SELECT name, body FROM targets WHERE name = ?');
  const insert = db.prepare(
    `INSERT INTO targets (name, body, added_at, changed_at) VALUES (@name, @body, @now, @now)
     ON CONFLICT DO NOTHING`,
  );
  const update = db.prepare(
    'UPDATE targets SET body = @body, changed_at = @now WHERE name = @name',
  );
  const remove = db.prepare('DELETE FROM targets WHERE name = ?');
  const pins = db.prepare(
    `SELECT part, pinned_at AS pinnedAt, pinned_by AS pinnedBy FROM target_pins
     WHERE target = ? ORDER BY key`,
  );
  const pinned = db.prepare('SELECT part FROM target_pins WHERE target = ? AND key = ?').pluck();
  const pin = db.prepare(
    `INSERT INTO target_pins (target, key, part, pinned_at, pinned_by)
     VALUES (@name, @key, @part, @now, @by) ON CONFLICT DO NOTHING`,
  );
  const replace = db.prepare(
    `INSERT OR REPLACE INTO target_pins (target, key, part, pinned_at, pinned_by)
     VALUES (@name, @key, @part, @now, @by)`,
  );
  const unpin = db.prepare('DELETE FROM target_pins WHERE target = ?');

  const kept = (row: unknown): KeptTarget => {
    const found = targetRowSchema.parse(row);
    try {
      return {
        target: targetSchema.parse(JSON.parse(found.body)),
        pins: pins.all(found.name).map((pinRow) => {
          const { part, pinnedAt, pinnedBy } = pinRowSchema.parse(pinRow);
          return pinSchema.parse({ part: JSON.parse(part), pinnedAt, pinnedBy });
        }),
      };
    } catch (thrown) {
      throw damaged(db.name, `the target ${found.name}`, String(thrown));
    }
  };
  const rowOf = (name: string, part: IdentityPart, by: string) => ({
    name,
    key: identityKey(part),
    part: JSON.stringify(part),
    now: new Date().toISOString(),
    by,
  });
  const mustExist = (name: string): void => {
    if (one.get(name) === undefined) throw unknownTarget(name);
  };
  const acceptAll = db.transaction((name: string, parts: readonly IdentityPart[], by: string) => {
    mustExist(name);
    for (const part of parts) replace.run(rowOf(name, part, by));
  });
  const pinOnce = db.transaction((name: string, part: IdentityPart, by: string): unknown => {
    mustExist(name);
    pin.run(rowOf(name, part, by));
    return pinned.get(name, identityKey(part));
  });
  const written = (target: Target) => ({
    name: target.name,
    body: JSON.stringify(targetSchema.parse(target)),
    now: new Date().toISOString(),
  });
  return {
    list: () => guard(() => all.all().map(kept)),
    get: (name) =>
      guard(() => {
        const row = one.get(name);
        return row === undefined ? null : kept(row);
      }),
    add: (target) =>
      guard(() => {
        if (insert.run(written(target)).changes === 0) throw targetExists(target.name);
      }),
    change: (target) =>
      guard(() => {
        if (update.run(written(target)).changes === 0) throw unknownTarget(target.name);
      }),
    remove: (name) =>
      guard(() => {
        if (remove.run(name).changes === 0) throw unknownTarget(name);
      }),
    pinFirst: (name, part, by) =>
      guard(() => {
        const text = pinOnce.immediate(name, part, by);
        return pinSchema.shape.part.parse(JSON.parse(String(text)));
      }),
    accept: (name, parts, by) => guard(() => acceptAll.immediate(name, parts, by)),
    unpin: (name) =>
      guard(() => {
        unpin.run(name);
      }),
  };
}

/** Nothing is kept under this name. */
export function unknownTarget(name: string): MusterError {
  return new MusterError({
    code: 'target-unknown',
    what: `There is no target "${name}".`,
    safe: 'Nothing was changed.',
    next: 'See "muster targets list", or add it with "muster targets add".',
  });
}

function targetExists(name: string): MusterError {
  return new MusterError({
    code: 'target-exists',
    what: `There is a target "${name}" already.`,
    safe: 'It stays as it is.',
    next: `Choose another name, or change it with "muster targets edit ${name}".`,
  });
}
