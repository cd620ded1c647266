import { useState } from 'react';
import type { Problem } from '../../core/problem.ts';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { askToUnlock } from '../vault/store.ts';
import styles from './ProblemNotice.module.css';
import { report } from './problems.ts';

function placeOf({ place }: Problem): string | null {
  if (place === undefined) return null;
  const line = place.line === undefined ? '' : `line ${place.line}`;
  return [place.file, line].filter((part) => part !== undefined && part !== '').join(', ');
}

interface Props {
  problem: Problem;
  onDismiss?: () => void;
  /** How many others stand behind this one. */
  more?: number;
}

/** What happened, what is safe, what to do; the raw answer is one click away. */
export function ProblemNotice({ problem, onDismiss, more = 0 }: Props) {
  const [open, setOpen] = useState(false);
  const place = placeOf(problem);
  return (
    <section className={styles.notice} role="alert" aria-label="Problem">
      <svg viewBox="0 0 16 16" aria-hidden="true" className={styles.mark}>
        <path d="M8 1.5 15 14H1z" />
        <path d="M8 6v4m0 1.8v.2" className={styles.cut} />
      </svg>
      <div className={styles.words}>
        <p className={styles.what}>{problem.what}</p>
        <p>
          {problem.safe} {problem.next}
        </p>
        {place !== null && <p className={styles.place}>{place}</p>}
        {open && <pre className={styles.detail}>{problem.detail}</pre>}
      </div>
      <div className={styles.buttons}>
        {problem.code === 'vault-locked' && (
          <Button onClick={() => void askToUnlock()}>Unlock the vault…</Button>
        )}
        {problem.detail !== undefined && (
          <>
            <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'Hide detail' : 'Show detail'}
            </Button>
            <Button
              look="quiet"
              onClick={() => {
                const text = `${problem.code}\n${problem.what}\n${problem.detail ?? ''}`;
                ask('clipboard.write', { text }).catch(report);
              }}
            >
              Copy detail
            </Button>
          </>
        )}
        {onDismiss !== undefined && (
          <Button look="quiet" onClick={onDismiss}>
            {more > 0 ? `Dismiss (${more} more)` : 'Dismiss'}
          </Button>
        )}
      </div>
    </section>
  );
}
