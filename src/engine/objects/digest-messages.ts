import { z } from 'zod';

/** What the digest's thread is started with. */
export interface DigestJob {
  file: string;
  sha256: boolean;
  /** In bytes; for each of them the MD5s of the parts are computed. */
  md5PartSizes: number[];
}

/** The file may be read up to `to` bytes; with `isEnd` that is all of it. */
export const digestRequestSchema = z.object({ to: z.number(), isEnd: z.boolean() });
export type DigestRequest = z.infer<typeof digestRequestSchema>;

const digestsSchema = z.object({
  /** In hexadecimal, as are the MD5s. */
  sha256: z.string().nullable(),
  md5s: z.array(z.object({ partSize: z.number(), sums: z.array(z.string()) })),
});
export type Digests = z.infer<typeof digestsSchema>;

export const digestAnswerSchema = z.object({ at: z.number(), end: digestsSchema.nullable() });
export type DigestAnswer = z.infer<typeof digestAnswerSchema>;
