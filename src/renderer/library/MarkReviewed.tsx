import { useState } from 'react';
import type { Step } from '../../core/runbook/model.ts';
import { ask } from '../bridge.ts';
import styles from '../document/Code.module.css';
import { announce } from '../shell/announce.ts';
import { report } from '../shell/problems.ts';
import { saySaved } from './paper.ts';
import { useLibrary } from './store.ts';

/** Says in the file that a person has reviewed this command. The page shows the file as it is then. */
export function MarkReviewed({ step, line }: { step: Step; line: number }) {
  const [busy, setBusy] = useState(false);
  const mark = () => {
    const { open } = useLibrary.getState();
    if (open === null) return;
    const { path, sha256 } = open;
    setBusy(true);
    ask('runbook.markReviewed', { path, sha256, line })
      .then(() => {
        saySaved(path, `Saved: the command on line ${line} is reviewed`);
        announce(`${step.title} is reviewed.`);
      }, report)
      .finally(() => setBusy(false));
  };
  return (
    <button
      type="button"
      className={styles.tool}
      aria-disabled={busy || undefined}
      aria-label={`Mark reviewed: ${step.title}`}
      title="Writes into the file that you have read this command and that it may run by itself"
      onClick={(event) => {
        if (busy) return;
        // The button goes with the mark; focus stays at the command.
        event.currentTarget.closest('figure')?.querySelector('pre')?.focus();
        mark();
      }}
    >
      Mark reviewed
    </button>
  );
}
