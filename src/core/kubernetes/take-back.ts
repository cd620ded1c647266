/**
 * What a change did to a value is taken back, and nothing that others did to it meanwhile: the fields
 * that the change touched become what they were, all others stay as they are now. A touched field that
 * somebody changed again is a conflict. `undefined` is what is not there.
 */

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

export function takeBack(before: unknown, left: unknown, now: unknown): TakenBack {
  const conflicts: Conflict[] = [];
  const value = merge(before, left, now, '', conflicts);
  return { value, conflicts };
}

/** What of a value that a change left is another one now, or gone. What others added does not count. */
export function changedSince(left: unknown, now: unknown): Conflict[] {
  if (isEqual(left, now)) return [];
  const conflicts: Conflict[] = [];
  compare(left, now, '', conflicts);
  return conflicts;
}

function merge(
  before: unknown,
  left: unknown,
  now: unknown,
  path: string,
  conflicts: Conflict[],
): unknown {
  if (isEqual(before, left) || isEqual(before, now)) return now;
  if (isEqual(left, now)) return before;
  if (isMap(before) && isMap(left) && isMap(now)) {
    const names = [...new Set([...Object.keys(now), ...Object.keys(before), ...Object.keys(left)])];
    const merged = names.map((name) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [name, merge(own(before, name), own(left, name), own(now, name), at, conflicts)];
    });
    return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
  }
  const [old, made, found] = [byName(before), byName(left), byName(now)];
  if (old !== null && made !== null && found !== null) {
    const names = new Set([...found.keys(), ...old.keys(), ...made.keys()]);
    return [...names].flatMap((name) => {
      const at = `${path}[${name}]`;
      const value = merge(old.get(name), made.get(name), found.get(name), at, conflicts);
      return value === undefined ? [] : [value];
    });
  }
  conflicts.push({ path, left, now });
  return now;
}

function compare(left: unknown, now: unknown, path: string, conflicts: Conflict[]): void {
  if (left === undefined || isEqual(left, now)) return;
  if (isMap(left) && isMap(now)) {
    for (const name of Object.keys(left)) {
      const at = path === '' ? name : `${path}.${name}`;
      compare(own(left, name), own(now, name), at, conflicts);
    }
    return;
  }
  const [made, found] = [byName(left), byName(now)];
  if (made !== null && found !== null) {
    for (const [name, value] of made) {
      compare(value, found.get(name), `${path}[${name}]`, conflicts);
    }
    return;
  }
  conflicts.push({ path, left, now });
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

function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, at) => isEqual(item, other[at]));
  }
  if (!isMap(one) || !isMap(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isEqual(own(one, name), own(other, name)));
}
