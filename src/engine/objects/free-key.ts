import { formatObjectUri } from '../../core/objects/uri.ts';
import { failure } from './failures.ts';
import { SHA256_METADATA } from './integrity.ts';
import type { ObjectHead, ObjectStore } from './store.ts';

/** What a transfer made or found at its destination. */
export interface Arrived {
  head: ObjectHead;
  /** Null where nobody computed it. */
  sha256: string | null;
  /** What shows that the store has what was sent. */
  proof: string;
  moved: string;
  /** False where the same content was there already. */
  isNew: boolean;
}

/** Null where the key is free or may be overwritten; what is there where it has the same content. */
export async function needFreeKey(
  store: ObjectStore,
  place: { bucket: string; key: string },
  content: { size: number; sha256: string | undefined },
  { overwrite, signal }: { overwrite: boolean; signal: AbortSignal },
): Promise<Arrived | null> {
  const head = await store.head({ ...place, signal });
  if (head === null) return null;
  const { size, sha256 } = content;
  if (head.size === size && sha256 !== undefined && head.metadata[SHA256_METADATA] === sha256) {
    const proof = 'it was there already, with the same SHA-256';
    return { head, sha256, proof, moved: '0 B', isNew: false };
  }
  if (overwrite) return null;
  throw failure(
    'object-exists',
    `There is ${formatObjectUri(head)} already, with other content.`,
    'It is unchanged, and nothing was sent.',
    'Choose another key, or say `overwrite: true`.',
  );
}
