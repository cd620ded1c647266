import type { Value } from '../run/events.ts';
import { type Expression, evaluate } from '../runbook/expression.ts';

/** The values that a name can have, as far as conditions can tell them apart. */
export type Domain = readonly (Value | undefined)[];

/** More combinations than this are not tried; the condition then counts as possible. */
const MOST_CASES = 256;

/** Comparisons of a name with literals: what a condition says about one name. */
export interface Test {
  name: string;
  values: Value[];
  /** Only equality is understood; for `<` and its like any value may matter. */
  equality: boolean;
  column: number;
}

/** All tests in an expression, in order. */
export function testsIn(expression: Expression): Test[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'name':
      return [{ name: expression.name, values: [], equality: true, column: expression.column }];
    case 'not':
      return testsIn(expression.of);
    case 'and':
    case 'or':
      return [...testsIn(expression.left), ...testsIn(expression.right)];
    case 'in':
      return expression.of.kind === 'name'
        ? [{ ...nameTest(expression.of), values: expression.list }]
        : opaque(expression.of);
    case 'compare': {
      const { left, right, operator } = expression;
      const equality = operator === '==' || operator === '!=';
      if (left.kind === 'name' && right.kind === 'literal') {
        return [{ ...nameTest(left), values: [right.value], equality }];
      }
      if (right.kind === 'name' && left.kind === 'literal') {
        return [{ ...nameTest(right), values: [left.value], equality }];
      }
      return [...opaque(left), ...opaque(right)];
    }
  }
}

function nameTest(name: Expression & { kind: 'name' }): Test {
  return { name: name.name, values: [], equality: true, column: name.column };
}

/** Names that are compared with something other than a literal. */
function opaque(expression: Expression): Test[] {
  return testsIn(expression).map((test) => ({ ...test, equality: false }));
}

/**
 * Whether some values make all of the expressions true. `domains` holds the names whose values are
 * known; of others the literals that they are compared with and one further text are tried. Errs
 * towards true.
 */
export function isPossible(
  expressions: readonly Expression[],
  domains: ReadonlyMap<string, Domain>,
): boolean {
  const tests = expressions.flatMap(testsIn);
  const values = new Map<string, Domain>();
  for (const { name, equality } of tests) {
    const own = domains.get(name);
    if (own !== undefined) values.set(name, own);
    else if (!equality) return true;
    else if (!values.has(name)) {
      const literals = tests.filter((test) => test.name === name).flatMap((test) => test.values);
      values.set(name, [undefined, '', 'some other text', ...new Set(literals)]);
    }
  }
  let cases = 1;
  for (const domain of values.values()) cases *= domain.length;
  if (cases > MOST_CASES) return true;
  const names = [...values.keys()];
  for (let number = 0; number < cases; number += 1) {
    const chosen: Record<string, Value | undefined> = {};
    let rest = number;
    for (const name of names) {
      const domain = values.get(name) ?? [];
      chosen[name] = domain[rest % domain.length];
      rest = Math.floor(rest / domain.length);
    }
    if (expressions.every((expression) => evaluate(expression, chosen))) return true;
  }
  return false;
}
