import { useEffect, useMemo, useRef } from 'react';
import { CopyButton } from '../controls/CopyButton.tsx';
import { OutputFind, useFind } from '../run/OutputFind.tsx';
import frame from '../run/OutputPanel.module.css';
import { OutputSheet } from '../run/OutputSheet.tsx';
import { append, textOf } from '../run/sheet.ts';
import styles from './Live.module.css';
import { useLive } from './store.ts';
import { eventWords } from './words.ts';

/** What is said of one pod in full, and its log, followed to its end until the operator scrolls away. */
export function PodLog({ pod, onClose }: { pod: string; onClose: () => void }) {
  const state = useLive(({ view }) => view?.workloads?.pods.find(({ name }) => name === pod));
  const log = useLive((live) => live.log);
  const open = useLive((live) => live.open);
  const sheet = useMemo(() => append(log, open), [log, open]);
  const missed = useLive((live) => live.missed);
  const said = useLive(({ view }) => (view?.log?.pod === pod ? view.log : null));
  const find = useFind(sheet);
  const section = useRef<HTMLElement>(null);
  const isEnded = said?.isEnded === true;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each pod is brought into view
  useEffect(() => {
    section.current?.scrollIntoView({ block: 'nearest' });
  }, [pod]);

  return (
    <section ref={section} aria-label={`Log of ${pod}`}>
      <h2>Log</h2>
      <p className={styles.place} title={pod}>
        {pod}
      </p>
      {state?.message != null && <p className={styles.quiet}>{state.message}</p>}
      {state?.event != null && <p className={styles.quiet}>{eventWords(state.event)}</p>}
      {said?.problem != null && <p className={styles.trouble}>{said.problem}</p>}
      {missed > 0 && <p className={styles.quiet}>{missed} lines came too fast to be shown.</p>}
      <div className={frame.panel}>
        <div className={frame.head}>
          <span className={frame.result}>{isEnded ? 'ended' : 'following'}</span>
          <button type="button" onClick={find.begin}>
            Find
          </button>
          <CopyButton label="Copy the log" text={() => textOf(sheet)} />
          <button type="button" aria-label="Close the log" onClick={onClose}>
            Close
          </button>
        </div>
        <OutputFind find={find} />
        <OutputSheet
          label={`Lines of ${pod}`}
          sheet={sheet}
          skipped={0}
          leftOut={null}
          running={!isEnded}
          found={find.line}
          empty={isEnded ? 'It has no log.' : 'No line yet.'}
        />
      </div>
    </section>
  );
}
