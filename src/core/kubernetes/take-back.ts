import { isHidden } from '../ledger/hidden-values.ts';

/**
 * What a change did to a value is taken back, and nothing that others did to it meanwhile: the fields
 * that the change touched become what they were, all others stay as they are now. A touched field that
 * somebody changed again is a conflict. `undefined` is what is not there. Of what was kept, a text may be
 * hidden: it counts as the same as one that is there now and holds a secret.
 */

/** Whether a text holds a secret that is known now. */
export type HoldsSecret = (text: string) => boolean;

export interface Conflict {
  /** `spec.template.spec.containers[app].image`; empty for the whole value. */
  path: string;
  /** What the change left, and what is there now. */
  left: unknown;
  now: unknown;
}

export interface TakenBack {
  value: unknown;
  conflicts: Conflict[];
}

/** Where `holdsHidden` of the value is true, it holds what was not kept and cannot be written. */
export function takeBack(
  before: unknown,
  left: unknown,
  now: unknown,
  holdsSecret: HoldsSecret,
): TakenBack {
  const conflicts: Conflict[] = [];
  const merge = (before: unknown, left: unknown, now: unknown, path: string): unknown => {
    if (isEqual(before, left) || isEqual(before, now)) return now;
    if (isAsKept(left, now, holdsSecret)) return refill(before, left, now);
    if (isMap(before) && isMap(left) && isMap(now)) {
      const names = [
        ...new Set([...Object.keys(now), ...Object.keys(before), ...Object.keys(left)]),
      ];
      const merged = names.map((name) => {
        const at = path === '' ? name : `${path}.${name}`;
        return [name, merge(own(before, name), own(left, name), own(now, name), at)];
      });
      return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
    }
    const [old, made, found] = [byName(before), byName(left), byName(now)];
    if (old !== null && made !== null && found !== null) {
      const names = new Set([...found.keys(), ...old.keys(), ...made.keys()]);
      return [...names].flatMap((name) => {
        const at = `${path}[${name}]`;
        const value = merge(old.get(name), made.get(name), found.get(name), at);
        return value === undefined ? [] : [value];
      });
    }
    conflicts.push({ path, left, now });
    return now;
  };
  return { value: merge(before, left, now, ''), conflicts };
}

/** What of a value that a change left is another one now, or gone. What others added does not count. */
export function changedSince(left: unknown, now: unknown, holdsSecret: HoldsSecret): Conflict[] {
  const conflicts: Conflict[] = [];
  const compare = (left: unknown, now: unknown, path: string): void => {
    if (left === undefined || isAsKept(left, now, holdsSecret)) return;
    if (isMap(left) && isMap(now)) {
      for (const name of Object.keys(left)) {
        const at = path === '' ? name : `${path}.${name}`;
        compare(own(left, name), own(now, name), at);
      }
      return;
    }
    const [made, found] = [byName(left), byName(now)];
    if (made !== null && found !== null) {
      for (const [name, value] of made) compare(value, found.get(name), `${path}[${name}]`);
      return;
    }
    conflicts.push({ path, left, now });
  };
  compare(left, now, '');
  return conflicts;
}

/** What is there now is what was kept, as far as that can be told of texts that are hidden. */
export function isAsKept(kept: unknown, now: unknown, holdsSecret: HoldsSecret): boolean {
  return isEqual(kept, now, (text, other) => isHidden(text) && holdsSecret(other));
}

/** The value before, with what is hidden in it as it is now wherever the change left it alone. */
function refill(before: unknown, left: unknown, now: unknown): unknown {
  if (before === left && isHidden(before)) return now;
  if (Array.isArray(before) && Array.isArray(left) && Array.isArray(now)) {
    return before.map((one, at) => refill(one, left[at], now[at]));
  }
  if (!isMap(before) || !isMap(left) || !isMap(now)) return before;
  return Object.fromEntries(
    Object.entries(before).map(([name, one]) => [
      name,
      refill(one, own(left, name), own(now, name)),
    ]),
  );
}

/** A list whose items all have names of their own, as containers have, is one value an item. */
function byName(value: unknown): Map<string, unknown> | null {
  if (!Array.isArray(value)) return null;
  const named = new Map<string, unknown>();
  for (const item of value) {
    const name = isMap(item) ? own(item, 'name') : undefined;
    if (typeof name !== 'string' || named.has(name)) return null;
    named.set(name, item);
  }
  return named;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(map: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function isEqual(
  one: unknown,
  other: unknown,
  isSameText: (one: string, other: string) => boolean = () => false,
): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one === 'string' && typeof other === 'string') return isSameText(one, other);
  if (Array.isArray(one) && Array.isArray(other)) {
    return (
      one.length === other.length && one.every((item, at) => isEqual(item, other[at], isSameText))
    );
  }
  if (!isMap(one) || !isMap(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isEqual(own(one, name), own(other, name), isSameText));
}
