import { z } from 'zod';

/** What targets can be made of on this machine. Names and addresses; never a credential. */
export const discoveredSchema = z.object({
  contexts: z.array(
    z.object({
      name: z.string(),
      /** The kubeconfig that has it. */
      file: z.string(),
      server: z.string().nullable(),
      namespace: z.string().nullable(),
      /** Why it cannot be used, in words; null where it can be tried. */
      broken: z.string().nullable(),
    }),
  ),
  /** Kubeconfigs that could not be read, with the reason. */
  brokenFiles: z.array(z.object({ file: z.string(), reason: z.string() })),
  /** Profiles of the AWS configuration. */
  profiles: z.array(z.string()),
});
export type Discovered = z.infer<typeof discoveredSchema>;
