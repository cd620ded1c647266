import { z } from 'zod';
import type { Problem } from '../problem.ts';
import { connectionNameSchema } from './target.ts';

/**
 * What proves that a connection leads to the same system as last time. A name, an address or a
 * context can come to mean another system overnight; these cannot.
 */
export const identityPartSchema = z.discriminatedUnion('kind', [
  /** The UID of the namespace `kube-system`. */
  z.strictObject({ kind: z.literal('cluster'), uid: z.string().min(1) }),
  /** The address, and the id of the bucket's owner where the site tells one. */
  z.strictObject({
    kind: z.literal('object-store'),
    endpoint: z.string().min(1),
    owner: z.string().min(1).nullable(),
  }),
  /** The system identifier that PostgreSQL gave its files when they were made. */
  z.strictObject({
    kind: z.literal('database'),
    connection: connectionNameSchema,
    system: z.string().min(1),
  }),
]);
export type IdentityPart = z.infer<typeof identityPartSchema>;

/** An identity that was seen first, or accepted anew by a person, and holds from then on. */
export const pinSchema = z.strictObject({
  part: identityPartSchema,
  /** UTC, ISO 8601. */
  pinnedAt: z.iso.datetime(),
  pinnedBy: z.string(),
});
export type Pin = z.infer<typeof pinSchema>;

/** Which part of a target an identity is of: `cluster`, `object-store`, `database orders`. */
export function identityKey(part: IdentityPart): string {
  return part.kind === 'database' ? `database ${part.connection}` : part.kind;
}

/** An identity in words, for people to compare. */
export function identityWords(part: IdentityPart): string {
  switch (part.kind) {
    case 'cluster':
      return part.uid;
    case 'object-store':
      return part.owner === null ? part.endpoint : `${part.endpoint}, owner ${part.owner}`;
    case 'database':
      return part.system;
  }
}

export interface ComparedPart {
  key: string;
  verdict: 'match' | 'first-use' | 'mismatch';
  /** In words; null when it was not pinned, or not seen. */
  pinned: string | null;
  seen: string | null;
}

export interface IdentityComparison {
  /** A mismatch in one part is a mismatch in all. */
  verdict: 'match' | 'first-use' | 'mismatch';
  parts: ComparedPart[];
}

/**
 * Compares what is pinned with what was seen just now. What is pinned and was not seen does not
 * match: a system that hides its identity has not proven it. Give the pins of the parts that were
 * asked for, and no others.
 */
export function compareIdentity(
  pinned: readonly IdentityPart[],
  seen: readonly IdentityPart[],
): IdentityComparison {
  const before = new Map(pinned.map((part) => [identityKey(part), identityWords(part)]));
  const now = new Map(seen.map((part) => [identityKey(part), identityWords(part)]));
  const parts = [...new Set([...before.keys(), ...now.keys()])].map((key): ComparedPart => {
    const was = before.get(key) ?? null;
    const is = now.get(key) ?? null;
    const verdict = was === null ? 'first-use' : was === is ? 'match' : 'mismatch';
    return { key, verdict, pinned: was, seen: is };
  });
  const has = (verdict: ComparedPart['verdict']): boolean =>
    parts.some((part) => part.verdict === verdict);
  return {
    verdict: has('mismatch') ? 'mismatch' : has('first-use') ? 'first-use' : 'match',
    parts,
  };
}

/** What an operator reads when a target is not the one it was. Null when nothing mismatches. */
export function mismatchProblem(target: string, comparison: IdentityComparison): Problem | null {
  const wrong = comparison.parts.filter(({ verdict }) => verdict === 'mismatch');
  if (wrong.length === 0) return null;
  const differences = wrong.map(
    ({ key, pinned, seen }) => `${partName(key)} ${pinned} is pinned, ${seen ?? 'none'} answered`,
  );
  return {
    code: 'target-mismatch',
    what: `${target} is not the system it was: ${differences.join('; ')}.`,
    safe: 'Nothing was sent that changes anything.',
    next: `Find out which system the connection leads to. If it is the right one, rebuilt or moved, say so with: muster targets check ${target} --accept`,
  };
}

/** The key of a part as people say it: `object store`. */
export function partName(key: string): string {
  return key === 'object-store' ? 'object store' : key;
}
