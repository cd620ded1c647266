import { measure } from '../../core/run/objectives.ts';
import { formatBytes, formatDuration } from '../../core/units.ts';
import { AttachButton } from '../attachments/AttachButton.tsx';
import { AttachmentList } from '../attachments/AttachmentList.tsx';
import { dropsAttach } from '../attachments/attach.ts';
import { Button } from '../controls/Button.tsx';
import { When } from '../controls/When.tsx';
import { LivePanel } from '../live/LivePanel.tsx';
import { useLive } from '../live/store.ts';
import { driverOf } from './current.ts';
import styles from './SidePanel.module.css';
import { send } from './send.ts';
import { type LoadedRun, useRuns } from './store.ts';
import { targetWords } from './words.ts';

interface Props {
  run: LoadedRun;
  /** The step on the screen: what is attached belongs to it. */
  shown: string | null;
  /** Covers the text instead of standing beside it. */
  over: boolean;
  onLook: (step: string) => void;
}

function against(name: string, ms: number | null, promised: number | null): string {
  const promise = promised === null ? 'none promised' : `${formatDuration(promised)} promised`;
  return `${name} ${ms === null ? 'open' : formatDuration(Math.max(0, ms))}, ${promise}`;
}

const verdicts = { met: 'met', missed: 'missed', unproven: 'not proven' } as const;

/** What is known around the step: target, recovery, values, evidence, notes, files. */
export function SidePanel({ run, shown, over, onLook }: Props) {
  const here = useRuns((runs) => driverOf(runs.list, run.id)) === 'here';
  const readsLog = useLive((live) => live.pod !== null);
  const { state } = run;
  const measures = measure(state);
  // A runbook that has its own step for it should be declared there.
  const hasStep = [...run.steps.values()].some((step) => step.declares);
  const canDeclare =
    !hasStep && state.declaredAt === null && (state.mode === 'incident' || state.mode === 'drill');
  const inputs = Object.entries(state.created.inputs);
  const captures = Object.entries(state.captures);
  const outputs = state.steps.flatMap((step) => {
    const bytes = step.attempts.reduce((sum, { result }) => sum + (result?.output.bytes ?? 0), 0);
    return bytes > 0 ? [{ step, bytes }] : [];
  });
  const attachTo = { run: run.id, step: shown };
  return (
    <aside
      className={styles.side}
      data-over={over || undefined}
      data-log={readsLog || undefined}
      aria-label="Live"
      {...dropsAttach(attachTo)}
    >
      <section>
        <h2>Run</h2>
        <dl>
          <dt>On</dt>
          <dd>{targetWords(run)}</dd>
          <dt>Mode</dt>
          <dd>{state.mode}</dd>
          <dt>Operator</dt>
          <dd>{state.created.operator}</dd>
          <dt>Since</dt>
          <dd>
            <When at={state.createdAt} />
          </dd>
          <dt>Declared</dt>
          <dd>{state.declaredAt === null ? 'not yet' : <When at={state.declaredAt} />}</dd>
        </dl>
        {canDeclare && here && (
          <div className={styles.declare}>
            <Button onClick={() => void send(run.id, { kind: 'declare' })}>Declare now</Button>
            <p>Starts the recovery clocks.</p>
          </div>
        )}
      </section>
      <LivePanel run={run} shown={shown} />
      {measures.length > 0 && (
        <section>
          <h2>Recovery</h2>
          {measures.map((one) => (
            <div key={one.component} className={styles.measure}>
              <p>
                <strong>{one.component}</strong> <span>{verdicts[one.verdict]}</span>
              </p>
              <p>{against('RTO', one.rtoMs, one.rtoPromisedMs)}</p>
              <p>{against('RPO', one.rpoMs, one.rpoPromisedMs)}</p>
            </div>
          ))}
          {state.recoveryPoint !== null && (
            <p className={styles.point}>
              Data as of <When at={state.recoveryPoint.at} date />
            </p>
          )}
        </section>
      )}
      {(inputs.length > 0 || captures.length > 0) && (
        <section>
          <h2>Values</h2>
          <dl className={styles.values}>
            {[...inputs, ...captures].map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd title={String(value)}>{String(value)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <section>
        <h2>Notes</h2>
        {state.notes.length === 0 && <p className={styles.none}>None yet. N adds one.</p>}
        <ul>
          {state.notes.toReversed().map((note) => (
            <li key={`${note.at} ${note.text}`} className={styles.note}>
              <p>{note.text}</p>
              <p className={styles.by}>
                {note.by}, <When at={note.at} />
              </p>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>Files</h2>
        {state.attachments.length === 0 && (
          <p className={styles.none}>None yet. Paste a picture, or drop files here.</p>
        )}
        <AttachmentList run={run.id} attachments={state.attachments} />
        <AttachButton to={attachTo} look="quiet" />
      </section>
      {outputs.length > 0 && (
        <section>
          <h2>Evidence</h2>
          <ul>
            {outputs.slice(-30).map(({ step, bytes }) => (
              <li key={step.id} className={styles.evidence}>
                <button type="button" title={step.title} onClick={() => onLook(step.id)}>
                  {step.title}
                </button>
                <span>{formatBytes(bytes)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}
