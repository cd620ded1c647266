import { z } from 'zod';

const labelSelectorSchema = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).nullish(),
  matchExpressions: z
    .array(
      z.object({
        key: z.string(),
        operator: z.string(),
        values: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
});

const selectingSchema = z.looseObject({
  kind: z.string().optional(),
  spec: z.looseObject({ selector: z.unknown().optional() }).optional(),
});

/**
 * The label selector of a workload or a service as a query takes it, or null where it selects no
 * pods by labels.
 */
export function selectorOf(object: unknown): string | null {
  const read = selectingSchema.safeParse(object);
  const selector = read.success ? read.data.spec?.selector : undefined;
  if (typeof selector !== 'object' || selector === null) return null;
  const structured = labelSelectorSchema.safeParse(selector);
  if (
    structured.success &&
    (structured.data.matchLabels != null || structured.data.matchExpressions != null)
  ) {
    const equal = equals(structured.data.matchLabels ?? {});
    const more = (structured.data.matchExpressions ?? []).map(({ key, operator, values }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      return `${key} ${operator === 'In' ? 'in' : 'notin'} (${(values ?? []).join(',')})`;
    });
    return [...equal, ...more].join(',') || null;
  }
  const labels = z.record(z.string(), z.string()).safeParse(selector);
  return labels.success ? equals(labels.data).join(',') || null : null;
}

function equals(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}
