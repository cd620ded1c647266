import type { Value } from '../run/events.ts';

/**
 * The language of `if=`: small, typed and total. Parsing gives a tree or a place; evaluating a tree
 * gives true or false for any values and never throws.
 *
 *     or         = and { ("or" | "||") and }
 *     and        = not { ("and" | "&&") not }
 *     not        = ("not" | "!") not | comparison
 *     comparison = operand [ ("==" | "!=" | "<" | "<=" | ">" | ">=") operand | "in" list ]
 *     list       = "[" [ literal { "," literal } ] "]"
 *     operand    = literal | NAME | "(" or ")"
 *     literal    = "text" | 'text' | number | "true" | "false"
 *
 * A NAME is an input, a capture or the id of an ask step; it may contain `-` and `.`.
 *
 * - A name that has no value makes every comparison false, `!=` and `in` included; alone it is false.
 * - Alone, a number is true when it is not 0, and a text unless it is empty, `false`, `no` or `0`.
 * - Captures are text, so `ROWS > 10` compares as numbers when both sides read as numbers. Two texts
 *   that are no numbers are ordered by character, which is right for dates as YYYY-MM-DD.
 * - `==` between a boolean and a text compares with `true` and `false` in letters.
 */
export type Expression =
  | { kind: 'literal'; value: Value }
  | { kind: 'name'; name: string; column: number }
  | { kind: 'not'; of: Expression }
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'compare'; operator: Comparison; left: Expression; right: Expression }
  | { kind: 'in'; of: Expression; list: Value[] };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type ExpressionResult =
  | { ok: true; expression: Expression }
  /** `column` counts from 1 within the text. */
  | { ok: false; column: number; message: string };

/** A condition longer than this cannot be read under stress; it also bounds parsing. */
const LONGEST = 2000;
const DEEPEST = 50;

interface Token {
  kind: 'name' | 'text' | 'number' | 'sign' | 'end';
  text: string;
  column: number;
}

class Refusal extends Error {
  readonly column: number;
  constructor(column: number, message: string) {
    super(message);
    this.column = column;
  }
}

/** The tree of an `if=` expression, or where and why the text is none. */
export function parseExpression(text: string): ExpressionResult {
  try {
    if (text.length > LONGEST) throw new Refusal(1, `it is longer than ${LONGEST} characters`);
    const parser = new Parser(tokens(text));
    return { ok: true, expression: parser.whole() };
  } catch (thrown) {
    if (thrown instanceof Refusal) {
      return { ok: false, column: thrown.column, message: thrown.message };
    }
    throw thrown;
  }
}

/** Whether the condition holds. Pure and total; see the rules at `Expression`. */
export function evaluate(
  expression: Expression,
  values: Readonly<Record<string, Value | undefined>>,
): boolean {
  return truth(valueUnder(expression, values));
}

/** The names an expression reads, with their columns. */
export function namesIn(expression: Expression): { name: string; column: number }[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'name':
      return [{ name: expression.name, column: expression.column }];
    case 'not':
    case 'in':
      return namesIn(expression.of);
    default:
      return [...namesIn(expression.left), ...namesIn(expression.right)];
  }
}

function valueUnder(
  expression: Expression,
  values: Readonly<Record<string, Value | undefined>>,
): Value | undefined {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name':
      return Object.hasOwn(values, expression.name) ? values[expression.name] : undefined;
    case 'not':
      return !truth(valueUnder(expression.of, values));
    case 'and':
      return (
        truth(valueUnder(expression.left, values)) && truth(valueUnder(expression.right, values))
      );
    case 'or':
      return (
        truth(valueUnder(expression.left, values)) || truth(valueUnder(expression.right, values))
      );
    case 'compare':
      return compare(
        expression.operator,
        valueUnder(expression.left, values),
        valueUnder(expression.right, values),
      );
    case 'in': {
      const value = valueUnder(expression.of, values);
      return value !== undefined && expression.list.some((entry) => equal(value, entry));
    }
  }
}

function truth(value: Value | undefined): boolean {
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value);
  return !['', 'false', 'no', '0'].includes(value.trim().toLowerCase());
}

function compare(operator: Comparison, left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (operator === '==') return equal(left, right);
  if (operator === '!=') return !equal(left, right);
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== null && b !== null) return ordered(operator, a, b);
  if (typeof left === 'string' && typeof right === 'string') return ordered(operator, left, right);
  return false;
}

function ordered<T extends string | number>(operator: Comparison, a: T, b: T): boolean {
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  if (operator === '>') return a > b;
  return a >= b;
}

function equal(left: Value, right: Value): boolean {
  if (typeof left === typeof right) return left === right;
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    return String(left).trim().toLowerCase() === String(right).trim().toLowerCase();
  }
  const a = numberOf(left);
  return a !== null && a === numberOf(right);
}

function numberOf(value: Value): number | null {
  if (typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  const text = value.trim();
  return /^[-+]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;
}

const TOKEN =
  /\s*(?:(?<name>[\p{L}_][\p{L}\p{N}_.-]*)|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|(?<text>"[^"]*"|'[^']*')|(?<sign>==|!=|<=|>=|&&|\|\||[<>!(),[\]]))/uy;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const column = at + (text.slice(at).match(/^\s*/)?.[0].length ?? 0) + 1;
    if (match === null) throw new Refusal(column, complaint(text[column - 1] ?? ''));
    const groups = match.groups ?? {};
    for (const kind of ['name', 'number', 'text', 'sign'] as const) {
      const value = groups[kind];
      if (value !== undefined) found.push({ kind, text: value, column });
    }
    at = TOKEN.lastIndex;
  }
  found.push({ kind: 'end', text: '', column: text.length + 1 });
  return found;
}

function complaint(char: string): string {
  if (char === '=') return 'one "=" is no comparison; write "=="';
  if (char === '"' || char === "'") return 'a text in quotes does not end';
  return `"${char}" has no meaning here`;
}

const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(found: readonly Token[]) {
    this.#tokens = found;
  }

  whole(): Expression {
    const expression = this.#or();
    const rest = this.#peek();
    if (rest.kind !== 'end') {
      throw new Refusal(rest.column, `"${rest.text}" does not belong here`);
    }
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takes('or', '||')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#takes('and', '&&')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    if (!this.#takes('not', '!')) return this.#comparison();
    return this.#deeper(() => ({ kind: 'not', of: this.#not() }));
  }

  #comparison(): Expression {
    const left = this.#operand();
    if (this.#takes('in')) return { kind: 'in', of: left, list: this.#list() };
    const token = this.#peek();
    if (token.kind !== 'sign' || !COMPARISONS.includes(token.text)) return left;
    this.#at += 1;
    const operator = token.text as Comparison;
    return { kind: 'compare', operator, left, right: this.#operand() };
  }

  #list(): Value[] {
    this.#expect('[');
    const values: Value[] = [];
    while (!this.#takes(']')) {
      if (values.length > 0) this.#expect(',');
      const token = this.#peek();
      const value = literal(token);
      if (value === undefined) {
        throw new Refusal(token.column, 'a list holds texts in quotes, numbers, true and false');
      }
      this.#at += 1;
      values.push(value);
    }
    return values;
  }

  #operand(): Expression {
    const token = this.#peek();
    if (this.#takes('(')) {
      return this.#deeper(() => {
        const inner = this.#or();
        this.#expect(')');
        return inner;
      });
    }
    const value = literal(token);
    if (value !== undefined) {
      this.#at += 1;
      return { kind: 'literal', value };
    }
    if (token.kind === 'name' && !['and', 'or', 'not', 'in'].includes(token.text)) {
      this.#at += 1;
      return { kind: 'name', name: token.text, column: token.column };
    }
    if (token.kind === 'end') throw new Refusal(token.column, 'something is missing at the end');
    throw new Refusal(token.column, `"${token.text}" stands where a name or a value should`);
  }

  #deeper(parse: () => Expression): Expression {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new Refusal(this.#peek().column, 'it is nested too deep');
    const expression = parse();
    this.#depth -= 1;
    return expression;
  }

  #expect(sign: string): void {
    const token = this.#peek();
    if (!this.#takes(sign)) throw new Refusal(token.column, `"${sign}" is missing`);
  }

  #takes(...texts: string[]): boolean {
    const token = this.#peek();
    if ((token.kind !== 'sign' && token.kind !== 'name') || !texts.includes(token.text)) {
      return false;
    }
    this.#at += 1;
    return true;
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', column: 1 };
  }
}

function literal(token: Token): Value | undefined {
  if (token.kind === 'text') return token.text.slice(1, -1);
  if (token.kind === 'number') return Number(token.text);
  if (token.kind === 'name' && token.text === 'true') return true;
  if (token.kind === 'name' && token.text === 'false') return false;
  return undefined;
}
