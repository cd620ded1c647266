import { z } from 'zod';
import { thresholdText } from '../../checks/threshold.ts';
import { durationText } from '../duration.ts';
import type { ActionKind } from '../kind.ts';
import { REQUEST_LIMIT, webAddress } from './http.ts';

export const prometheusSchema = z.strictObject({
  query: z.string().trim().min(1).describe('The PromQL.'),
  url: webAddress
    .optional()
    .describe("Prometheus's address; the target's own where it is left out."),
  warning: thresholdText.optional().describe('From where the value is degraded, such as "> 0.8".'),
  critical: thresholdText.optional().describe('From where it is unhealthy.'),
  range: durationText
    .optional()
    .describe('Looks at the last stretch of time, such as 1h, instead of this moment.'),
  over: z
    .enum(['last', 'max', 'min', 'mean'])
    .default('last')
    .describe('What counts of each series of a range.'),
  absent: z
    .enum(['unhealthy', 'degraded', 'healthy'])
    .default('unhealthy')
    .describe('What it means when there is no series.'),
  token: z
    .string()
    .min(1)
    .optional()
    .describe("The reference of a bearer token's secret, where Prometheus asks for one."),
  within: durationText
    .default(REQUEST_LIMIT)
    .describe(`The longest that the query may take; ${REQUEST_LIMIT} where it is left out.`),
});
export type PrometheusSpec = z.infer<typeof prometheusSchema>;

/** A query and what its values say of the system, the worst of its series first. */
export const prometheus: ActionKind<PrometheusSpec> = {
  name: 'prometheus',
  summary: 'Asks Prometheus and judges the values against thresholds.',
  body: {
    key: 'query',
    attributes: ['url', 'warning', 'critical', 'range', 'over', 'absent', 'token', 'within'],
  },
  schemaFor: () => prometheusSchema,
  describe: (spec) => {
    const query = String(spec.query ?? '')
      .replace(/\s+/g, ' ')
      .trim();
    return `Ask Prometheus: ${query.length > 80 ? `${query.slice(0, 79)}…` : query}`;
  },
  effect: () => 'reads',
  repeatable: () => true,
  risk: () => 'safe',
  results: {
    verdict: 'healthy, degraded or unhealthy.',
    value: 'The value that decided: of the worst series.',
    series: 'How many series there were.',
  },
  uses: [],
  undoable: () => false,
  examples: ['sum(rate(http_requests_total{code=~"5.."}[5m]))'],
};
