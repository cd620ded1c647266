import { useEffect, useState } from 'react';
import { measure, overallVerdict } from '../../core/run/objectives.ts';
import { AttachButton } from '../attachments/AttachButton.tsx';
import { AttachmentList } from '../attachments/AttachmentList.tsx';
import { dropsAttach, usePasteAttaches } from '../attachments/attach.ts';
import { Button } from '../controls/Button.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { ReasonDialog } from '../run/ReasonDialog.tsx';
import { RunUnreadable } from '../run/RunUnreadable.tsx';
import { send } from '../run/send.ts';
import { load, useRuns } from '../run/store.ts';
import { useKeys } from '../shell/keys.ts';
import { go } from '../shell/navigation.ts';
import { aimedAt, forgetAim } from './aim.ts';
import { useEstimates } from './estimates.ts';
import { FlowFacts } from './FlowFacts.tsx';
import { Measures } from './Measures.tsx';
import { OutcomeHead } from './OutcomeHead.tsx';
import styles from './RunRecord.module.css';
import { SaveReport } from './SaveReport.tsx';
import { StepRecords } from './StepRecords.tsx';
import { Timeline } from './Timeline.tsx';
import { VerifyChain } from './VerifyChain.tsx';

/** One run's record: outcome, measures, every step, every event. */
export function RunRecord({ id }: { id: string }) {
  const run = useRuns((runs) => runs.loaded[id]);
  const problem = useRuns((runs) => runs.loadProblems[id]);
  const [page, setPage] = useState<HTMLElement | null>(null);
  const [noting, setNoting] = useState(false);
  const [aimed] = useState(() => aimedAt(id));
  const [view, setView] = useState<'steps' | 'timeline'>(aimed === null ? 'steps' : 'timeline');

  useEffect(() => {
    forgetAim();
    void load(id);
  }, [id]);

  const estimates = useEstimates(id, run?.state.mode === 'rehearsal');
  usePasteAttaches(id, null);
  useKeys('place', 'Record', [
    { keys: 'Escape', name: 'Back to all runs', run: () => go('record') },
    { keys: 'n', name: 'Add a note', run: () => setNoting(true) },
  ]);

  if (run === undefined && problem !== undefined)
    return <RunUnreadable id={id} problem={problem} />;
  if (run === undefined) return <Skeleton label="Loading the record" rows={12} />;
  const { state } = run;
  const measures = measure(state);
  const attachTo = { run: id, step: null };
  const runNotes = state.notes.filter((note) => note.step === null);
  return (
    <div ref={setPage} className={styles.scroll} {...dropsAttach(attachTo)}>
      <div className={styles.record}>
        <button type="button" className={styles.crumb} onClick={() => go('record')}>
          Record
        </button>
        <OutcomeHead state={state} verdict={overallVerdict(measures)} />
        <div className={styles.buttons} role="toolbar" aria-label="Record">
          {state.ended === null && (
            <Button look="primary" onClick={() => go('run', id)}>
              Show the run
            </Button>
          )}
          <SaveReport run={run.id} />
          <Button keys="n" onClick={() => setNoting(true)}>
            Add note
          </Button>
          <AttachButton to={attachTo} look="plain" />
          <VerifyChain run={id} />
        </div>
        <Measures measures={measures} declared={state.declaredAt !== null} />
        <FlowFacts run={run} estimates={estimates} />
        {runNotes.length > 0 && (
          <section className={styles.notes} aria-label="Notes on the run">
            {runNotes.map((note) => (
              <p key={note.at + note.text}>
                {note.text} <span>{note.by}</span>
              </p>
            ))}
          </section>
        )}
        {state.attachments.length > 0 && (
          <section aria-label="Files">
            <AttachmentList run={id} attachments={state.attachments} />
          </section>
        )}
        <div className={styles.tabs} role="tablist" aria-label="View">
          {(['steps', 'timeline'] as const).map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`view-${name}`}
              aria-selected={view === name}
              aria-controls="record-view"
              onClick={() => setView(name)}
            >
              {name === 'steps' ? `Steps (${state.steps.length})` : `Timeline (${state.lastSeq})`}
            </button>
          ))}
        </div>
        <div id="record-view" role="tabpanel" aria-labelledby={`view-${view}`}>
          {view === 'steps' ? (
            <StepRecords run={run} page={page} estimates={estimates} />
          ) : (
            <Timeline run={run} page={page} aimed={aimed} />
          )}
        </div>
      </div>
      {noting && (
        <ReasonDialog
          title="Add a note"
          help="It is kept in the record with this moment and your name. What stands there already does not change."
          label="Note"
          submit="Add the note"
          command={(text) => ({ kind: 'note', step: null, text })}
          onClose={() => setNoting(false)}
          onGive={async (command) => {
            if (await send(id, command)) {
              setNoting(false);
              void load(id, true);
            }
          }}
        />
      )}
    </div>
  );
}
