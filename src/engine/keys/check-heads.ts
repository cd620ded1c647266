import type { ChainCheck } from '../../core/ledger/chain.ts';
import { type Signed, type SignedHead, signedText } from '../../core/ledger/head.ts';
import { fingerprintOf, isSignedBy } from './signing-key.ts';

/**
 * Holds signed heads against a chain that fits in itself: `hashes` has the hash of each event that
 * a head names. The first head that does not fit tells that the end of the ledger is missing, or
 * that it was made anew.
 */
export function checkHeads(
  heads: readonly SignedHead[],
  chain: ChainCheck,
  hashes: ReadonlyMap<number, string>,
  ownKey: string | null,
): { bad: ChainCheck['bad']; signed: Signed | null } {
  let signed: Signed | null = null;
  for (const head of heads) {
    const why = misfit(head, chain.events, hashes.get(head.seq));
    if (why !== null) {
      return { bad: { seq: Math.min(head.seq, chain.events + 1), why }, signed };
    }
    const { key, seq, time } = head;
    signed = { upTo: seq, time, fingerprint: fingerprintOf(key), isOwn: key === ownKey };
  }
  return { bad: null, signed };
}

function misfit(head: SignedHead, events: number, hash: string | undefined): string | null {
  const { seq, key, signature } = head;
  if (!isSignedBy(key, signature, signedText(head))) {
    return `The signature of the head at event ${seq} is not of its key.`;
  }
  if (seq > events) {
    return `Event ${events + 1} is missing: a signed head says that there were ${seq} events.`;
  }
  return hash === head.hash
    ? null
    : `Event ${seq} is not the one that was signed: the ledger was made anew.`;
}
