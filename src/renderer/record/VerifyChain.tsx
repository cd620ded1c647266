import { useState } from 'react';
import type { RequestOut } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { useKeys } from '../shell/keys.ts';
import { report } from '../shell/problems.ts';
import styles from './RunRecord.module.css';

type Result = RequestOut<'run.verify'>;

function signedWords({ signed, events, keyInFile }: Result): string {
  if (signed === null) return 'No signature vouches for it.';
  const whose = signed.isOwn ? "this machine's key" : 'the key of another machine';
  const where = signed.isOwn && keyInFile ? ', which lies in a file and not in a key store' : '';
  return `Signed up to event ${signed.upTo} of ${events} by ${whose} ${signed.fingerprint.slice(0, 16)}${where}.`;
}

/** Recomputes the hash chain and says what it found. */
export function VerifyChain({ run }: { run: string }) {
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  const verify = () => {
    setBusy(true);
    ask('run.verify', { run })
      .then(setResult, report)
      .finally(() => setBusy(false));
  };
  useKeys('place', 'Record', [{ keys: null, name: 'Verify the ledger', run: verify }]);
  return (
    <>
      <Button busy={busy} onClick={verify}>
        Verify the ledger
      </Button>
      <span role="status" className={styles.verified}>
        {result !== null && result.bad === null && (
          <span className={styles.good}>
            All {result.events} events fit the chain. {signedWords(result)}
          </span>
        )}
        {result !== null && result.bad !== null && (
          <span className={styles.bad}>
            Event {result.bad.seq} does not fit. {result.bad.why} Events before it are sound.
          </span>
        )}
      </span>
    </>
  );
}
