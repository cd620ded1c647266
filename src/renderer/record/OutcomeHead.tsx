import type { Verdict } from '../../core/run/objectives.ts';
import type { RunState } from '../../core/run/state.ts';
import { formatDuration } from '../../core/units.ts';
import { Mark, type MarkKind } from '../controls/Mark.tsx';
import { When } from '../controls/When.tsx';
import styles from './OutcomeHead.module.css';
import { outcomeWords, verdictSentence } from './words.ts';

const marks = { succeeded: 'succeeded', failed: 'failed', aborted: 'cancelled' } as const;

/** How a run ended, in words large enough to be read from behind the operator. */
export function OutcomeHead({ state, verdict }: { state: RunState; verdict: Verdict | null }) {
  const { ended, created } = state;
  const mark: MarkKind = ended === null ? 'running' : marks[ended.outcome];
  const until = ended?.at ?? state.lastTime;
  const ran = Date.parse(until) - Date.parse(state.createdAt);
  return (
    <header className={styles.head}>
      <p className={styles.mode}>
        {created.mode}
        {created.range !== null && ` · practice range "${created.range}"`}
      </p>
      <h1>{created.title}</h1>
      <p className={styles.outcome}>
        <Mark kind={mark} />
        {outcomeWords(ended?.outcome ?? null)}
        {verdict !== null && <span className={styles[verdict]}>{verdictSentence(verdict)}</span>}
      </p>
      <p className={styles.facts}>
        <When at={state.createdAt} date /> to {ended === null ? 'now' : <When at={until} />},{' '}
        {formatDuration(ran)}, by {created.operator} on {created.host}
      </p>
      {ended?.reason !== null && ended !== null && <p>Reason: {ended.reason}</p>}
    </header>
  );
}
