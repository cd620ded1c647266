/**
 * The one way to write a JSON value as text, so that equal values have equal hashes: object keys
 * sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript writes them
 * (RFC 8785). Two remarks on its edges: a property that is `undefined` is left out as if it were
 * absent, and a lone surrogate becomes its `\udXXX` escape where RFC 8785 would refuse it.
 * Throws TypeError for what JSON cannot hold (NaN, infinities, functions, bigint).
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return String(value);
    throw new TypeError(`${value} has no canonical form`);
  }
  if (value === null) return 'null';
  if (value === true) return 'true';
  if (value === false) return 'false';
  if (typeof value !== 'object') throw new TypeError(`A ${typeof value} has no canonical form`);
  if (Array.isArray(value)) {
    let text = '[';
    for (let index = 0; index < value.length; index++) {
      text += index === 0 ? canonical(value[index]) : `,${canonical(value[index])}`;
    }
    return `${text}]`;
  }
  return canonicalObject(value, null);
}

/** The canonical form of `value` without its property `omitted`. */
export function canonicalWithout(value: object, omitted: string): string {
  return canonicalObject(value, omitted);
}

function canonicalObject(value: object, omitted: string | null): string {
  const properties = value as Record<string, unknown>;
  let text = '';
  for (const key of Object.keys(properties).sort()) {
    const property = properties[key];
    if (key === omitted || property === undefined) continue;
    text += `${text === '' ? '' : ','}${quoted(key)}:${canonical(property)}`;
  }
  return `{${text}}`;
}

/** Everything that JSON leaves as it is between quotes: the common case, and the fast one. */
const plain = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return text.length < 64 && plain.test(text) ? `"${text}"` : JSON.stringify(text);
}
