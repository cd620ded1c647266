import { z } from 'zod';
import { type ActionKind, oneVerb, type Spec } from '../kind.ts';
import { switchValue, wholeNumber } from '../scalars.ts';
import { expectation, keptValues } from './sql.ts';

const database = z
  .string()
  .min(1)
  .optional()
  .describe("Which of the target's databases; needed where it has several.");
/** PostgreSQL cuts names at 63 bytes; the rest is for the time that Muster adds. */
const databaseName = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[^\0"'\\]+$/, { error: 'is no name for a database' });
const into = databaseName
  .optional()
  .describe("The database to take the place of; the connection's own where it is left out.");
const tables = z.union([z.literal('all'), z.array(z.string().min(1)).min(1).max(100)]);

const dump = z.strictObject({
  dump: z
    .string()
    .min(1)
    .describe(
      'The file to write: .dump for the custom format, .sql or .sql.gz for plain SQL. A path that ends with / is a folder, and the file gets the name of the database and the time.',
    ),
  database,
  tables: z
    .array(z.string().min(1))
    .max(100)
    .optional()
    .describe('Only these tables, by patterns of pg_dump.'),
  'count-rows': switchValue
    .default(false)
    .describe('Counts the rows of every table, at the same moment as the dump.'),
  replace: switchValue.default(false).describe('Replaces a file that is there already.'),
});
export type DumpSpec = z.infer<typeof dump>;

const restore = z.strictObject({
  restore: z.string().min(1).describe('The dump: custom format, plain SQL or plain SQL with gzip.'),
  database,
  into,
  swap: switchValue
    .default(false)
    .describe(
      'Puts the restored database in the place of the old one once every check has passed. The old one is kept under another name.',
    ),
  checks: z
    .array(
      z.strictObject({
        query: z.string().trim().min(1).describe('A query on the restored database.'),
        expect: expectation.describe('What must hold of its result, as in a sql fence.'),
      }),
    )
    .max(50)
    .default([])
    .describe('What must hold of the restored database before it counts as restored.'),
  values: keptValues,
  owners: z
    .enum(['keep', 'drop'])
    .default('keep')
    .describe('drop: everything belongs to the user of the connection; keep: as in the dump.'),
  jobs: wholeNumber(1, 16)
    .default(1)
    .describe('How many tables of a custom dump are loaded side by side.'),
});
export type RestoreSpec = z.infer<typeof restore>;

const swap = z.strictObject({
  swap: z.string().min(1).describe('The restored database, as the restore step named it.'),
  into,
  database,
});
export type SwapSpec = z.infer<typeof swap>;

const vacuum = z.strictObject({
  vacuum: tables.describe('Tables to vacuum and analyze, or all.'),
  full: switchValue
    .default(false)
    .describe('Rewrites each table, which locks it and gives its space back to the disk.'),
  database,
});
const analyze = z.strictObject({
  analyze: tables.describe('Tables to analyze, or all.'),
  database,
});
const reindex = z.strictObject({
  reindex: tables.describe('Tables whose indexes are built anew without locking them, or all.'),
  database,
});
const sizes = z.strictObject({
  sizes: wholeNumber(1, 1000).describe('How many of the largest tables to list.'),
  database,
});
export type UpkeepSpec =
  | z.infer<typeof vacuum>
  | z.infer<typeof analyze>
  | z.infer<typeof reindex>
  | z.infer<typeof sizes>;

export type PostgresSpec = DumpSpec | RestoreSpec | SwapSpec | UpkeepSpec;

/** What is done to a whole database: dump, restore, swap and upkeep. */
export const postgres: ActionKind<PostgresSpec> = {
  name: 'postgres',
  summary: 'Dumps, restores and maintains a PostgreSQL database of the target.',
  body: 'yaml',
  keeps: ['checks.*.query'],
  // Declared in the order restore, swap: a restore may say `swap: true`.
  schemaFor: (spec) =>
    Object.hasOwn(spec, 'restore')
      ? restore
      : oneVerb({ dump, swap, vacuum, analyze, reindex, sizes })(spec),
  describe: (spec) => {
    const name = spec.database === undefined ? 'the database' : `database ${spec.database}`;
    const target = spec.into === undefined ? name : `database ${spec.into}`;
    if ('dump' in spec) return `Dump ${name} to ${spec.dump}`;
    if ('restore' in spec) {
      const then = isSet(spec.swap) ? `, check it and put it in the place of ${target}` : '';
      return `Restore ${spec.restore} into a new database${then}`;
    }
    if ('swap' in spec) return `Put ${spec.swap} in the place of ${target}`;
    if ('vacuum' in spec) return `Vacuum ${listed(spec.vacuum)} of ${name}`;
    if ('analyze' in spec) return `Analyze ${listed(spec.analyze)} of ${name}`;
    if ('reindex' in spec) return `Rebuild the indexes of ${listed(spec.reindex)} of ${name}`;
    return `List the largest tables of ${name}`;
  },
  effect: (spec) => ('sizes' in spec ? 'reads' : 'changes'),
  repeatable: (spec) => !swaps(spec),
  risk: (spec) => {
    if (swaps(spec)) return 'destructive';
    return 'restore' in spec || isSet(spec.full) ? 'disruptive' : 'safe';
  },
  results: {
    file: 'Of a dump: its path.',
    manifest: 'Of a dump: the path of the manifest beside it.',
    bytes: 'Of a dump: its size. Of sizes: that of the database. In bytes.',
    sha256: 'Of a dump or a restore: the SHA-256 of the file, in hex.',
    'recovery-point': 'Of a dump or a restore: the moment that its data is of, UTC, ISO 8601.',
    rows: 'Of a dump with count-rows, or a restore: the rows of all tables.',
    database: 'Of a restore or a swap: the name of the restored database.',
    kept: 'Of a swap: the name that the old database has now; empty where there was none.',
  },
  uses: ['database'],
  undoable: (spec) => 'restore' in spec || swaps(spec),
  examples: [
    'dump: backups/\ncount-rows: true',
    'restore: backups/orders.dump\nchecks:\n  - {query: select count(*) from orders, expect: value > 0}',
    'restore: backups/orders.sql.gz\nswap: true',
    `swap: \${RESTORED}\ninto: orders`,
    'vacuum: all',
    'vacuum: [orders]\nfull: true',
    'analyze: all',
    'reindex: [orders]',
    'sizes: 20',
  ],
};

function isSet(value: unknown): boolean {
  return value !== undefined && value !== false && value !== 'false';
}

function swaps(spec: Spec): boolean {
  return isSet(spec.swap);
}

function listed(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : 'all tables';
}
