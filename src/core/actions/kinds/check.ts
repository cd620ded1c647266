import { z } from 'zod';
import type { ActionKind } from '../kind.ts';
import { switchValue, wholeNumber } from '../scalars.ts';
import { httpSchema } from './http.ts';
import { prometheusSchema } from './prometheus.ts';
import { redisServer } from './redis.ts';
import { expectation, keptValues } from './sql.ts';
import { tcpSchema } from './tcp.ts';
import { tlsSchema } from './tls.ts';

const MOST_CHECKS = 50;
const AT_ONCE = 4;

const sqlCheck = z.strictObject({
  query: z.string().trim().min(1).describe('A query; it runs read-only.'),
  database: z.string().min(1).optional().describe("Which of the target's databases."),
  expect: expectation.optional().describe('What must hold of the result, as in a sql fence.'),
});
export type SqlCheckSpec = z.infer<typeof sqlCheck>;

const kinds = {
  http: httpSchema
    .refine(({ method }) => method === 'GET' || method === 'HEAD', {
      error: 'asks with GET or HEAD only; a check changes nothing',
    })
    .optional(),
  prometheus: prometheusSchema.optional(),
  tcp: tcpSchema.optional(),
  tls: tlsSchema.optional(),
  sql: sqlCheck.optional(),
  redis: redisServer.optional(),
};
const kindNames = ['http', 'prometheus', 'tcp', 'tls', 'sql', 'redis'] as const;

const entrySchema = z
  .strictObject({
    name: z.string().min(1).max(100).describe('What is checked, such as Database.'),
    optional: switchValue
      .default(false)
      .describe('Where it is unhealthy, the whole is degraded only.'),
    ...kinds,
  })
  .refine((entry) => kindNames.filter((kind) => entry[kind] !== undefined).length === 1, {
    error: `needs exactly one of ${kindNames.join(', ')}`,
  });
export type CheckEntry = z.infer<typeof entrySchema>;

const schema = z.strictObject({
  checks: z
    .array(entrySchema)
    .min(1)
    .max(MOST_CHECKS)
    .refine((entries) => new Set(entries.map(({ name }) => name)).size === entries.length, {
      error: 'has two checks of one name',
    })
    .describe('The checks; each has a name and one of http, prometheus, tcp, tls, sql and redis.'),
  values: keptValues,
  'at-once': wholeNumber(1, 16)
    .default(AT_ONCE)
    .describe(`How many run side by side; ${AT_ONCE} where it is left out.`),
});
export type CheckSpec = z.infer<typeof schema>;

/** Several checks and one verdict: the worst of them. */
export const check: ActionKind<CheckSpec> = {
  name: 'check',
  summary: 'Runs several checks side by side and gives one verdict.',
  body: 'yaml',
  keeps: ['checks.*.sql.query'],
  schemaFor: () => schema,
  describe: (spec) => {
    const parsed = z.array(z.looseObject({ name: z.string() })).safeParse(spec.checks);
    const names = parsed.success
      ? parsed.data.map(({ name }) => name).join(', ')
      : 'several systems';
    return `Check ${names}`;
  },
  effect: () => 'reads',
  repeatable: () => true,
  risk: () => 'safe',
  results: {
    verdict: 'The worst verdict: healthy, degraded or unhealthy.',
    healthy: 'How many are healthy.',
    degraded: 'How many are degraded.',
    unhealthy: 'How many are unhealthy.',
  },
  uses: [],
  undoable: () => false,
  examples: [
    `checks:
  - name: API
    http: {url: "https://orders.example.com/health", latency: {warning: 500ms}}
  - name: Errors
    prometheus: {query: 'sum(rate(http_errors_total[5m]))', url: "http://prometheus:9090", critical: "> 1"}
  - name: Cache
    redis: {host: redis.example.com, password: "vault:redis"}
    optional: true`,
  ],
};
