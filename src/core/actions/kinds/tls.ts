import { z } from 'zod';
import { durationText } from '../duration.ts';
import type { ActionKind } from '../kind.ts';
import { wholeNumber } from '../scalars.ts';
import { REQUEST_LIMIT } from './http.ts';

export const tlsSchema = z.strictObject({
  host: z.string().min(1).describe('The name or address to connect to.'),
  port: wholeNumber(1, 65_535).default(443).describe('The port; 443 where it is left out.'),
  name: z
    .string()
    .min(1)
    .optional()
    .describe('The name that the certificate must have; the host where it is left out.'),
  ca: z.string().min(1).optional().describe('A file with the certificates to trust.'),
  warning: durationText
    .default('30d')
    .describe('Degraded with less than this left; 30d where it is left out.'),
  critical: durationText
    .default('7d')
    .describe('Unhealthy with less than this left; 7d where it is left out.'),
  within: durationText
    .default(REQUEST_LIMIT)
    .describe(`The longest that it may take; ${REQUEST_LIMIT} where it is left out.`),
});
export type TlsSpec = z.infer<typeof tlsSchema>;

/** How long a certificate still holds, and whether it is the right one. */
export const tls: ActionKind<TlsSpec> = {
  name: 'tls',
  summary: "Checks a server's certificate: its name, its chain and the days that are left.",
  body: 'yaml',
  schemaFor: () => tlsSchema,
  describe: (spec) => `Check the certificate of ${spec.name ?? spec.host}`,
  effect: () => 'reads',
  repeatable: () => true,
  risk: () => 'safe',
  results: {
    verdict: 'healthy, degraded or unhealthy.',
    days: 'Whole days until it expires; negative once it has.',
    expires: 'When it expires, UTC, ISO 8601.',
    subject: 'The common name of the certificate.',
    issuer: 'The common name of who issued it.',
    response: 'How long the handshake took, in ms.',
  },
  uses: [],
  undoable: () => false,
  examples: ['host: orders.example.com\nwarning: 21d\ncritical: 3d'],
};
