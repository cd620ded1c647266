import { z } from 'zod';

/** Any object of a cluster: what all have in common is checked, the rest is kept as it is. */
export const objectSchema = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
    resourceVersion: z.string().optional(),
    generation: z.number().optional(),
    creationTimestamp: z.string().nullish(),
    deletionTimestamp: z.string().nullish(),
    finalizers: z.array(z.string()).optional(),
    labels: z.record(z.string(), z.string()).nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
    ownerReferences: z
      .array(
        z.looseObject({
          kind: z.string(),
          name: z.string(),
          uid: z.string(),
          controller: z.boolean().optional(),
        }),
      )
      .optional(),
  }),
});
export type KubeObject = z.output<typeof objectSchema>;

const listSchema = z.object({
  kind: z.string().optional(),
  apiVersion: z.string().optional(),
  metadata: z.object({
    resourceVersion: z.string().optional(),
    continue: z.string().optional(),
  }),
});

/** A page of a list; `items` as the given schema makes them. */
export function listOf<T>(item: z.ZodType<T>) {
  // A list without items may say null.
  return listSchema.extend({
    items: z
      .array(item)
      .nullish()
      .transform((items) => items ?? []),
  });
}

/** `deployment/orders`, in lower case, as the operator reads it. */
export function nameOf(object: KubeObject): string {
  return `${(object.kind ?? 'object').toLowerCase()}/${object.metadata.name}`;
}

export function ownerOf(object: KubeObject): string | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true)?.uid;
}
