import { z } from 'zod';
import { latencyLimits } from '../../checks/threshold.ts';
import { durationText } from '../duration.ts';
import type { ActionKind } from '../kind.ts';
import { wholeNumber } from '../scalars.ts';
import { patternText, REQUEST_LIMIT } from './http.ts';

export const tcpSchema = z.strictObject({
  host: z.string().min(1).describe('The name or address.'),
  port: wholeNumber(1, 65_535).describe('The port.'),
  greeting: patternText
    .optional()
    .describe('A pattern that the first line the server sends must match.'),
  latency: latencyLimits.optional().describe('Limits of the response time.'),
  within: durationText
    .default(REQUEST_LIMIT)
    .describe(`The longest that it may take; ${REQUEST_LIMIT} where it is left out.`),
});
export type TcpSpec = z.infer<typeof tcpSchema>;

/** Whether something accepts connections, and greets as it should. */
export const tcp: ActionKind<TcpSpec> = {
  name: 'tcp',
  summary: 'Connects to a port.',
  body: 'yaml',
  schemaFor: () => tcpSchema,
  describe: (spec) => `Connect to ${spec.host}:${spec.port}`,
  effect: () => 'reads',
  repeatable: () => true,
  risk: () => 'safe',
  results: {
    verdict: 'healthy, degraded or unhealthy.',
    response: 'How long it took, in ms.',
    greeting: 'The first line that the server sent, where one was asked for.',
  },
  uses: [],
  undoable: () => false,
  examples: [
    'host: orders-db.example.com\nport: 5432',
    'host: mail.example.com\nport: 25\ngreeting: ^220',
  ],
};
