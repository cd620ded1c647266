/**
 * The part of kubectl's JSON path that reads values: `{.spec.replicas}`, `.items[*].metadata.name`,
 * `[0]`, `[-1]`, `['a.b/c']`, `a\.b`, `[?(@.type=="Ready")]` with `==` and `!=`. Linear in the text.
 */
type Part =
  | { kind: 'key'; key: string }
  | { kind: 'index'; index: number }
  | { kind: 'all' }
  | { kind: 'where'; path: Part[]; equal: boolean; value: string };

export type JsonPath = { ok: true; parts: readonly Part[] } | { ok: false; message: string };

export function readJsonPath(text: string): JsonPath {
  const inner = /^\{(.*)\}$/s.exec(text.trim())?.[1] ?? text.trim();
  try {
    return { ok: true, parts: partsOf(inner.replace(/^\$/, '')) };
  } catch (thrown) {
    return { ok: false, message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** All values that the path finds, in order. */
export function valuesAt(value: unknown, parts: readonly Part[]): unknown[] {
  let found: unknown[] = [value];
  for (const part of parts) found = found.flatMap((one) => step(one, part));
  return found;
}

/** What the path finds as kubectl prints it: texts as they are, several with blanks between. */
export function textAt(value: unknown, parts: readonly Part[]): string {
  return valuesAt(value, parts)
    .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
    .join(' ');
}

function step(value: unknown, part: Part): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  switch (part.kind) {
    case 'key': {
      const found = Object.hasOwn(value, part.key)
        ? (value as Record<string, unknown>)[part.key]
        : undefined;
      return found === undefined ? [] : [found];
    }
    case 'index': {
      const found = Array.isArray(value) ? value.at(part.index) : undefined;
      return found === undefined ? [] : [found];
    }
    case 'all':
      return Object.values(value);
    case 'where':
      return Object.values(value).filter((one) => {
        const [at] = valuesAt(one, part.path);
        return at !== undefined && (String(at) === part.value) === part.equal;
      });
  }
}

function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let rest = text;
  while (rest !== '') {
    const [read, part] = nextPart(rest);
    if (part !== null) parts.push(part);
    rest = rest.slice(read);
  }
  return parts;
}

/** How many characters the next part takes, and the part; null for a lone dot. */
function nextPart(text: string): [number, Part | null] {
  const key = /^\.?((?:\\.|[^.[\]{}\\*])+)/.exec(text);
  if (key?.[1] !== undefined) {
    return [key[0].length, { kind: 'key', key: key[1].replace(/\\(.)/g, '$1') }];
  }
  const star = /^(?:\.\*|\[\*\])/.exec(text);
  if (star) return [star[0].length, { kind: 'all' }];
  const index = /^\[(-?\d{1,9})\]/.exec(text);
  if (index) return [index[0].length, { kind: 'index', index: Number(index[1]) }];
  const quoted = /^\[(?:'([^']*)'|"([^"]*)")\]/.exec(text);
  if (quoted) return [quoted[0].length, { kind: 'key', key: quoted[1] ?? quoted[2] ?? '' }];
  const where = /^\[\?\(@([^=!]*)(==|!=)\s*(?:'([^']*)'|"([^"]*)"|([^'")\s]+))\s*\)\]/.exec(text);
  if (where) {
    const [whole, path = '', operator, single, double, bare] = where;
    const value = single ?? double ?? bare ?? '';
    return [
      whole.length,
      { kind: 'where', path: partsOf(path.trim()), equal: operator === '==', value },
    ];
  }
  if (text === '.') return [1, null];
  throw new Error(`it cannot be read from "${text.slice(0, 20)}" on`);
}
