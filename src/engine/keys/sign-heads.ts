import { hash } from 'node:crypto';
import { verifyChain } from '../../core/ledger/chain.ts';
import { signedText } from '../../core/ledger/head.ts';
import type { Store } from '../../store/open.ts';
import { keepSnapshot } from '../run-state.ts';
import { type KeyKeeper, openSigningKey, type SigningKey } from './signing-key.ts';

/** Signs the heads of runs. */
export interface HeadSigner {
  /**
   * Signs a run up to its last event, if the events since the last head follow it. Does nothing
   * where the key cannot be opened here: the app signs when it sees the run next. Of a long run a
   * snapshot is kept with it.
   */
  sign(run: string): void;
  /** The runs whose last events nobody has signed, or none where the key cannot be opened here. */
  unsigned(): string[];
}

/** The key is opened, or made, with the first signature. */
export function createHeadSigner(store: Store, keeper: KeyKeeper | null): HeadSigner {
  let opened: { key: SigningKey | null } | null = null;
  const key = (): SigningKey | null => {
    opened ??= { key: openSigningKey(store.home, keeper) };
    return opened.key;
  };
  return {
    sign(run) {
      const signing = key();
      if (!signing) return;
      const last = store.heads.last(run);
      // A signature must not vouch for what was changed since the last one.
      const { head, events, bad } = verifyChain(
        store.events.stored(run, last?.seq),
        (text) => hash('sha256', text, 'hex'),
        last,
      );
      if (bad || head === null || events === (last?.seq ?? 0)) return;
      const claim = { run, seq: events, hash: head, time: new Date().toISOString() };
      const signature = signing.sign(signedText(claim));
      store.heads.add({ ...claim, key: signing.key, signature });
      keepSnapshot(store, run, signing);
    },
    unsigned: () => (key() ? store.heads.behind() : []),
  };
}
