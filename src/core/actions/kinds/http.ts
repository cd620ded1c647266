import { z } from 'zod';
import { expectedJson } from '../../checks/expected-json.ts';
import { latencyLimits } from '../../checks/threshold.ts';
import { patternFault } from '../../runbook/pattern/pattern.ts';
import { durationText } from '../duration.ts';
import type { ActionKind } from '../kind.ts';
import { switchValue, wholeNumber } from '../scalars.ts';

export const webAddress = z.url({
  protocol: /^https?$/,
  error: 'is no address with http or https',
});
export const patternText = z.string().refine((text) => patternFault(text) === null, {
  error: 'is no pattern that Muster can read',
});
/** The longest that one request may take where the check does not say. */
export const REQUEST_LIMIT = '10s';

const statusClass = z.string().regex(/^[1-5]xx$/, { error: 'is no status, such as 200 or 2xx' });
const status = z.union([wholeNumber(100, 599), statusClass]);

export const httpSchema = z.strictObject({
  url: webAddress.describe('The address.'),
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
    .default('GET')
    .describe('GET where it is left out.'),
  headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, { error: 'is no name for a header' }),
      z.union([
        z.string(),
        z.strictObject({
          secret: z.string().describe("A secret's reference, such as vault:api-token."),
          before: z.string().default('').describe('What stands before it, such as "Bearer ".'),
        }),
      ]),
    )
    .default({})
    .describe(
      'Headers to send; a secret goes to the address itself only, never to a redirect elsewhere.',
    ),
  body: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .optional()
    .describe('What to send: a text, or a mapping that becomes JSON.'),
  expect: z
    .strictObject({
      status: z
        .union([status, z.array(status).min(1)])
        .default('2xx')
        .describe('The status, or some: 200, 2xx, [200, 404].'),
      json: expectedJson
        .optional()
        .describe(
          'By JSON pointer what must stand there: a value, a comparison such as "< 100", or present.',
        ),
      text: patternText.optional().describe('A pattern that the body must match.'),
    })
    .default({ status: '2xx' })
    .describe('What makes the answer healthy.'),
  latency: latencyLimits.optional().describe('Limits of the response time.'),
  redirects: wholeNumber(0, 10)
    .default(3)
    .describe('How many redirects to follow; 3 where it is left out.'),
  within: durationText
    .default(REQUEST_LIMIT)
    .describe(
      `The longest that the whole exchange may take; ${REQUEST_LIMIT} where it is left out.`,
    ),
  tls: z
    .strictObject({
      ca: z.string().min(1).optional().describe('A file with the certificates to trust.'),
      name: z.string().min(1).optional().describe('The name that the certificate must have.'),
      insecure: switchValue.default(false).describe('Accepts any certificate, and says so.'),
    })
    .optional()
    .describe('How the certificate is checked.'),
});
export type HttpSpec = z.infer<typeof httpSchema>;

/** One request and what its answer says of the service. */
export const http: ActionKind<HttpSpec> = {
  name: 'http',
  summary: 'Asks an HTTP service and judges its answer.',
  body: 'yaml',
  schemaFor: () => httpSchema,
  describe: (spec) => `${spec.method ?? 'GET'} ${spec.url}`,
  effect: (spec) => (reads(spec.method) ? 'reads' : 'changes'),
  repeatable: (spec) => reads(spec.method) || spec.method === 'PUT' || spec.method === 'DELETE',
  risk: (spec) => (reads(spec.method) ? 'safe' : 'disruptive'),
  results: {
    verdict: 'healthy, degraded or unhealthy.',
    status: 'The status of the answer, such as 200.',
    response: 'How long the answer took, in ms.',
    body: 'The first 4,000 characters of the body.',
    '*': 'A value of a JSON body by its pointer, such as /version.',
  },
  uses: [],
  undoable: () => false,
  examples: [
    'url: https://orders.example.com/health\nexpect:\n  json: {/status: ok}\nlatency: {warning: 500ms, critical: 2s}',
    'url: https://orders.example.com/admin/reload\nmethod: POST\nheaders:\n  Authorization: {secret: "env:ORDERS_TOKEN", before: "Bearer "}',
  ],
};

function reads(method: unknown): boolean {
  return method === undefined || method === 'GET' || method === 'HEAD';
}
