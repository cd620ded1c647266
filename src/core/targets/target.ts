import { z } from 'zod';
import { secretReferenceSchema } from '../secrets/reference.ts';

/**
 * A target: the environment that a run acts on. It names how to get there; secrets stand in it by
 * reference alone, so all of it may be shown, kept and recorded.
 */

/** `prod-us`: small letters, digits and single hyphens. */
export const targetNameSchema = z
  .string()
  .max(63)
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'small letters, digits and single hyphens');

/** The hues of the ribbon. Each has its own in every theme; none means anything by itself. */
export const targetColours = [
  'red',
  'orange',
  'amber',
  'green',
  'teal',
  'blue',
  'violet',
  'pink',
  'grey',
] as const;
export const targetColourSchema = z.enum(targetColours);
export type TargetColour = z.infer<typeof targetColourSchema>;

/** How careful Muster is with it; see `careFor`. */
export const careLevelSchema = z.enum(['practice', 'standard', 'critical']);
export type CareLevel = z.infer<typeof careLevelSchema>;

/** A Kubernetes namespace; also what a context may be bound to. */
const namespaceSchema = z
  .string()
  .max(63)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 'a namespace of Kubernetes');

export const kubernetesPlaceSchema = z.strictObject({
  /** A kubeconfig file; null for the usual ones: `KUBECONFIG`, else the default path. */
  kubeconfig: z.string().min(1).max(4096).nullable(),
  context: z.string().min(1).max(512),
});
export type KubernetesPlace = z.infer<typeof kubernetesPlaceSchema>;

/** A profile's name goes into configuration files, so it must not end its line or its bracket. */
const awsProfileNameSchema = z
  .string()
  .max(256)
  .regex(/^[^\p{Cc}[\]]+$/u, 'one line without square brackets');

export const s3PlaceSchema = z
  .strictObject({
    kind: z.literal('s3'),
    /** A profile of the AWS configuration; null for keys by reference, or the usual chain. */
    profile: awsProfileNameSchema.nullable(),
    /** Address of an S3 site; null for AWS itself. */
    endpoint: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .nullable(),
    region: z
      .string()
      .max(64)
      .regex(/^[A-Za-z0-9-]+$/, 'letters, digits and hyphens'),
    /** Whether the bucket stands in the path instead of the host name. */
    pathStyle: z.boolean(),
    bucket: z.string().min(1).max(255).nullable(),
    accessKey: secretReferenceSchema.nullable(),
    secretKey: secretReferenceSchema.nullable(),
  })
  .refine(({ accessKey, secretKey }) => (accessKey === null) === (secretKey === null), {
    message: 'an access key and a secret key go together',
  })
  .refine(({ profile, accessKey }) => profile === null || accessKey === null, {
    message: 'it has a profile or keys of its own, not both',
  });
export type S3Place = z.infer<typeof s3PlaceSchema>;

export const folderPlaceSchema = z.strictObject({
  kind: z.literal('folder'),
  path: z.string().min(1).max(4096),
});

export const objectStorePlaceSchema = z.discriminatedUnion('kind', [
  s3PlaceSchema,
  folderPlaceSchema,
]);
export type ObjectStorePlace = z.infer<typeof objectStorePlaceSchema>;

export const databasePlaceSchema = z.strictObject({
  /** Also the name that certificates are checked against. */
  host: z.string().min(1).max(255),
  /** Of the Service or the pod, where the way leads through the cluster. */
  port: z.number().int().min(1).max(65_535),
  database: z.string().min(1).max(63),
  user: z.string().min(1).max(63),
  password: secretReferenceSchema.nullable(),
  /** As libpq names them. */
  sslmode: z.enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full']),
  /** A file with the certificates to trust; null for those of the machine. */
  sslRootCert: z.string().min(1).max(4096).nullable(),
  /**
   * What of the target's cluster and namespace leads to it, such as `service/orders-db`: then it is
   * reached through a port-forward. Null where host and port are reached as they are.
   */
  through: z
    .string()
    .max(300)
    .regex(/^[a-z][a-z.]*\/[a-z0-9][a-z0-9.-]*$/, 'an object such as service/orders-db')
    .nullable()
    .default(null),
});
export type DatabasePlace = z.infer<typeof databasePlaceSchema>;

/** Names of database connections: `orders`, `orders_ro`. */
export const connectionNameSchema = z
  .string()
  .max(63)
  .regex(/^[a-z][a-z0-9_-]*$/, 'small letters, digits, hyphens and underscores');

export const targetSchema = z.strictObject({
  name: targetNameSchema,
  colour: targetColourSchema,
  care: careLevelSchema,
  /** Where steps act that name no namespace. */
  namespace: namespaceSchema.nullable(),
  kubernetes: kubernetesPlaceSchema.nullable(),
  objectStore: objectStorePlaceSchema.nullable(),
  databases: z.record(connectionNameSchema, databasePlaceSchema),
  /** Address of its Prometheus, for `prometheus` steps that name none. */
  prometheus: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .refine((url) => new URL(url).password === '', 'an address has no password')
    .nullable()
    .default(null),
});
export type Target = z.infer<typeof targetSchema>;
