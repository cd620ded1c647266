import { prometheus as kind, type PrometheusSpec } from '../../core/actions/kinds/prometheus.ts';
import { checkPrometheus } from '../checks/prometheus.ts';
import { doneWith, plainPreview } from '../checks/result.ts';
import type { StructuredKind } from './structured.ts';

export const prometheus: StructuredKind<PrometheusSpec> = {
  kind,
  async preview({ spec }) {
    return plainPreview(kind.describe({ ...spec }), spec.query);
  },
  async act(context) {
    return doneWith(context, await checkPrometheus(context, context.spec));
  },
};
