import { type Estimates, estimatedTotal } from '../../core/run/estimates.ts';
import { asSentence, formatDuration } from '../../core/units.ts';
import { When } from '../controls/When.tsx';
import type { LoadedRun } from '../run/store.ts';
import styles from './FlowFacts.module.css';

interface Props {
  run: LoadedRun;
  estimates: Estimates | null;
}

/** What was out of the ordinary about the run: a rehearsal, pauses, an undo and what it left. */
export function FlowFacts({ run, estimates }: Props) {
  const { state } = run;
  const { pauses } = state;
  const titleOf = (id: string) => state.steps.find((step) => step.id === id)?.title ?? id;
  const remains = state.ended?.remains ?? [];
  const targets = state.created.targets ?? [];
  if (
    state.mode !== 'rehearsal' &&
    pauses.length === 0 &&
    state.undo === null &&
    targets.length === 0
  ) {
    return null;
  }
  return (
    <section className={styles.facts} aria-label="Course of the run">
      {targets.length > 0 && (
        <ul className={styles.targets}>
          {targets.map(({ role, name, colour, care, identity }) => (
            <li key={role} data-colour={colour}>
              <span className={styles.hue} aria-hidden="true" />
              <strong>{name}</strong> as {role}, {care === 'critical' ? care : `${care} care`}
              {identity !== '' && `: ${identity}`}
            </li>
          ))}
        </ul>
      )}
      {state.mode === 'rehearsal' && (
        <p>
          <strong>Rehearsal.</strong> Nothing was changed; each step says what it would do.{' '}
          {estimates !== null && estimateWords(run, estimates)}
        </p>
      )}
      {pauses.map(({ from, to, reason, by }) => (
        <p key={from}>
          <strong>Paused</strong> by {by === 'muster' ? 'Muster' : by} from <When at={from} />{' '}
          {to === null ? (
            'on'
          ) : (
            <>
              to <When at={to} />, {formatDuration(Date.parse(to) - Date.parse(from))}
            </>
          )}
          . {asSentence(reason)} It is part of the times that were measured.
        </p>
      ))}
      {state.undo !== null && (
        <p>
          <strong>Taken back</strong>{' '}
          {state.undo.steps.length === 1 ? '1 step' : `${state.undo.steps.length} steps`} from{' '}
          <When at={state.undo.at} />. {asSentence(state.undo.reason)}
        </p>
      )}
      {remains.length > 0 && (
        <p className={styles.remains}>
          <strong>Not taken back:</strong> {remains.map(titleOf).join(', ')}.
        </p>
      )}
    </section>
  );
}

function estimateWords({ state }: LoadedRun, estimates: Estimates): string {
  if (estimates.runs === 0) return 'No earlier run says how long it takes.';
  const { ms, known, unknown } = estimatedTotal(estimates, state.steps);
  if (known === 0) return 'No earlier run says how long its steps take.';
  const from = estimates.runs === 1 ? '1 earlier run' : `${estimates.runs} earlier runs`;
  const rest = unknown === 0 ? '' : ` ${unknown} more have no earlier time.`;
  return `By ${from}, ${known} of its steps take ${formatDuration(ms)} together.${rest}`;
}
