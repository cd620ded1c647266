import { useEffect, useState } from 'react';
import type { LastChange } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { Mark } from '../controls/Mark.tsx';
import { When } from '../controls/When.tsx';
import { outcomeWords } from '../record/words.ts';
import { useRuns } from '../run/store.ts';
import { go } from '../shell/navigation.ts';
import styles from './AboutRuns.module.css';

/** How many runs the page of a runbook lists; the record has all. */
const SHOWN = 5;

const marks = { succeeded: 'succeeded', failed: 'failed', aborted: 'cancelled' } as const;

/** The runs of the runbook in this file, newest first. */
export function AboutRuns({ path }: { path: string }) {
  const list = useRuns((runs) => runs.list);
  const runs = (list ?? [])
    .filter((run) => run.path === path)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  if (list === null) return null;
  return (
    <section>
      <h2>Runs of this runbook</h2>
      {runs.length === 0 && <p className={styles.none}>It was not run here yet.</p>}
      <ul className={styles.runs}>
        {runs.slice(0, SHOWN).map((run) => (
          <li key={run.id}>
            <button
              type="button"
              className={styles.run}
              onClick={() => go(run.endedAt === null ? 'run' : 'record', run.id)}
            >
              <Mark kind={run.outcome === null ? 'running' : marks[run.outcome]} />
              <span>
                {outcomeWords(run.outcome)} · {run.mode}
              </span>
              <span className={styles.when}>
                <When at={run.createdAt} date /> · {run.operator}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {runs.length > SHOWN && (
        <p className={styles.none}>and {runs.length - SHOWN} before them, in the record</p>
      )}
    </section>
  );
}

/** The last commit that changed the file, where it is in a git repository. */
export function AboutChange({ path, sha256 }: { path: string; sha256: string }) {
  const [change, setChange] = useState<LastChange | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text, perhaps another commit
  useEffect(() => {
    let isShown = true;
    ask('runbook.lastChange', { path }).then(
      (found) => isShown && setChange(found),
      () => isShown && setChange(null),
    );
    return () => {
      isShown = false;
    };
  }, [path, sha256]);
  if (change === null) return null;
  return (
    <section>
      <h2>Last committed change</h2>
      <p className={styles.subject}>{change.subject}</p>
      <p className={styles.when}>
        {change.author} · <When at={change.at} date />
      </p>
    </section>
  );
}
