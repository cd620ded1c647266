import { z } from 'zod';
import { parseExpression } from '../../runbook/expression.ts';
import { splitStatements } from '../../sql/statements.ts';
import type { ActionKind, Spec } from '../kind.ts';
import { switchValue, wholeNumber } from '../scalars.ts';

/** Rows that are printed where the fence does not say. */
const SHOWN_ROWS = 50;

/** An `expect`: an expression over what a query gave; see `docs/steps/databases.md`. */
export const expectation = z.string().refine((text) => parseExpression(text).ok, {
  error: 'is no expression, such as rows == 1 or value > 0',
});

/** Values of the `${NAME}` references within SQL; the engine puts them here. */
export const keptValues = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .default({})
  .describe('Set by Muster: what the references within SQL stand for.');

const schema = z.strictObject({
  query: z.string().trim().min(1).describe('The statements.'),
  values: keptValues,
  database: z
    .string()
    .min(1)
    .optional()
    .describe("Which of the target's databases; needed where it has several."),
  expect: expectation
    .optional()
    .describe(
      'What must hold of the result: rows (how many), value (first column of the first row), changed (rows changed), or a column of the first row by its name.',
    ),
  write: z
    .union([z.literal('separately'), switchValue])
    .default(false)
    .describe(
      'Lets the statements change data: write in one transaction, write=separately each in its own.',
    ),
  show: wholeNumber(0, 1000)
    .default(SHOWN_ROWS)
    .describe(`How many rows to print, at most 1000; ${SHOWN_ROWS} where it is left out.`),
});
export type SqlSpec = z.infer<typeof schema>;

/** SQL for PostgreSQL, read-only unless the fence says `write`. */
export const sql: ActionKind<SqlSpec> = {
  name: 'sql',
  summary: 'Runs SQL on a PostgreSQL database of the target and checks what it gives.',
  body: { key: 'query', attributes: ['database', 'expect', 'write', 'show'] },
  keeps: ['query'],
  schemaFor: () => schema,
  describe: (spec) => {
    const query = String(spec.query ?? '');
    const first = splitStatements(query)[0]?.text.replace(/\s+/g, ' ') ?? '';
    const verb = writes(spec) ? 'Change' : 'Ask';
    const where = spec.database === undefined ? 'the database' : `database ${spec.database}`;
    return `${verb} ${where}: ${first.length > 80 ? `${first.slice(0, 79)}…` : first}`;
  },
  effect: (spec) => (writes(spec) ? 'changes' : 'reads'),
  repeatable: (spec) => !writes(spec),
  risk: (spec) => (writes(spec) ? 'destructive' : 'safe'),
  results: {
    rows: 'How many rows the last query gave.',
    value: 'The first column of its first row.',
    changed: 'How many rows the statements changed.',
    '*': 'A column of the first row, by its name.',
  },
  uses: ['database'],
  undoable: () => false,
  examples: ['select count(*) from orders'],
};

function writes(spec: Spec): boolean {
  const { write } = spec;
  return write !== undefined && write !== false && write !== 'false';
}
