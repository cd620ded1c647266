import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Place } from './findings.ts';

/** YAML inside a runbook is small; more than this is not read. In characters. */
const LONGEST = 100_000;
/** Brackets and indentation deeper than any runbook's; the library would go on until its stack ends. */
const DEEPEST = 40;

export interface YamlFault {
  place: Place;
  message: string;
}

/** YAML with places in the file that holds it. */
export interface YamlSource {
  /** The value as plain data, or undefined when there are faults. */
  value: unknown;
  faults: YamlFault[];
  /** Where the value at `path` stands; of the nearest parent when there is none. */
  placeOf(path: readonly PropertyKey[]): Place;
  /** Where the key at the end of `path` stands. */
  placeOfKey(path: readonly PropertyKey[]): Place;
}

/** Reads YAML whose first character stands at `origin` in the file. Never throws. */
export function readYaml(text: string, origin: Place): YamlSource {
  if (text.length > LONGEST || tooDeep(text)) {
    const message = 'the YAML is too large or nested too deep to be read';
    return unreadable(message, origin);
  }
  const counter = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: counter,
      prettyErrors: false,
      logLevel: 'error',
    });
    const place = (offset: number | undefined): Place => {
      const { line, col } = counter.linePos(offset ?? 0);
      return {
        line: origin.line + Math.max(1, line) - 1,
        column: origin.column + Math.max(1, col) - 1,
      };
    };
    const faults = document.errors.map((error) => ({
      place: place(error.pos[0]),
      message: error.message,
    }));
    const value: unknown =
      faults.length > 0 ? undefined : document.toJS({ maxAliasCount: 100, mapAsMap: false });
    return {
      value,
      faults,
      placeOf: (path) => {
        for (let length = path.length; length > 0; length -= 1) {
          const node = document.getIn(path.slice(0, length), true);
          if (isNode(node) && node.range != null) return place(node.range[0]);
        }
        return place(document.contents?.range?.[0]);
      },
      placeOfKey: (path) => {
        const parent =
          path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
        const key = String(path[path.length - 1]);
        if (isMap(parent)) {
          for (const pair of parent.items) {
            if (isScalar(pair.key) && String(pair.key.value) === key) {
              return place(pair.key.range?.[0]);
            }
          }
        }
        return place(document.contents?.range?.[0]);
      },
    };
  } catch (thrown) {
    return unreadable(thrown instanceof Error ? thrown.message : String(thrown), origin);
  }
}

function unreadable(message: string, origin: Place): YamlSource {
  return {
    value: undefined,
    faults: [{ place: origin, message }],
    placeOf: () => origin,
    placeOfKey: () => origin,
  };
}

/** A rough count that errs on the safe side: brackets in texts count as well. */
function tooDeep(text: string): boolean {
  let open = 0;
  for (const char of text) {
    if (char === '[' || char === '{') open += 1;
    else if (char === ']' || char === '}') open = Math.max(0, open - 1);
    if (open > DEEPEST) return true;
  }
  return /^(?:[ \t]*(?:[-?:] ){40}| {200})/m.test(text);
}
