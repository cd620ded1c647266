/** What a JSON pointer (RFC 6901) points to, or null; `value` may itself be null. */
export function atPointer(json: unknown, pointer: string): { value: unknown } | null {
  let here: unknown = json;
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return null;
    here = Reflect.get(here, key);
  }
  return { value: here };
}

/** The texts, numbers and booleans of a JSON value by their pointers, the first `most` of them. */
export function leaves(json: unknown, most: number): Record<string, string | number | boolean> {
  const found: Record<string, string | number | boolean> = {};
  let count = 0;
  const visit = (value: unknown, pointer: string): void => {
    if (count >= most) return;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      found[pointer] = value;
      count += 1;
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, entry] of Object.entries(value)) {
        visit(entry, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      }
    }
  };
  visit(json, '');
  return found;
}
