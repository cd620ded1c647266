import { useState } from 'react';
import type { RequestOut } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { report } from '../shell/problems.ts';
import styles from './RunRecord.module.css';

type Result = RequestOut<'run.verify'>;

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
  return (
    <>
      <Button busy={busy} onClick={verify}>
        Verify the ledger
      </Button>
      <span role="status" className={styles.verified}>
        {result !== null && result.bad === null && (
          <span className={styles.good}>All {result.events} events fit the chain.</span>
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
