import { z } from 'zod';
import { canonical } from './canonical.ts';
import type { ChainCheck } from './chain.ts';

/**
 * Who signs a head says: at `time` the run had these events up to `seq`, and `hash` was the hash of
 * the last of them. A chain alone cannot show that its end is missing or that it was made anew; a
 * head that was signed before can.
 */
export const headSchema = z.object({
  run: z.string(),
  seq: z.number().int().positive(),
  hash: z.string(),
  /** UTC, ISO 8601. */
  time: z.iso.datetime(),
});
export type Head = z.infer<typeof headSchema>;

export const signedHeadSchema = headSchema.extend({
  /** Ed25519: the raw public key (32 bytes) and the signature of `signedText` (64), in base64. */
  key: z.string(),
  signature: z.string(),
});
export type SignedHead = z.infer<typeof signedHeadSchema>;

/** What is signed, as UTF-8: the canonical form of run, seq, hash and time. */
export function signedText({ run, seq, hash, time }: Head): string {
  return canonical({ run, seq, hash, time });
}

/** The check of a run's record. `signed` is null when no signature vouches for the chain. */
export type RunCheck = ChainCheck & { signed: Signed | null };

/** What the newest signed head of a run says. */
export interface Signed {
  /** The last event that is signed. */
  upTo: number;
  /** UTC, ISO 8601. */
  time: string;
  /** SHA-256 of the public key, hex. */
  fingerprint: string;
  /** True when it is the key of the Muster that checks. */
  isOwn: boolean;
}
