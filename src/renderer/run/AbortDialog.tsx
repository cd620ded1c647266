import { type SubmitEvent, useId, useMemo, useState } from 'react';
import type { Command } from '../../core/run/commands.ts';
import { canUndo, undoOutline } from '../../core/run/undo.ts';
import { Button } from '../controls/Button.tsx';
import { Choice } from '../controls/Choice.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { SentenceField } from '../controls/SentenceField.tsx';
import styles from './AbortDialog.module.css';
import type { LoadedRun } from './store.ts';

interface Props {
  run: LoadedRun;
  onClose: () => void;
  onGive: (command: Command) => void;
}

/** What of the run would be taken back, newest first, and what changed something and cannot be. */
export function takenBack(run: LoadedRun): { back: string[]; stays: string[] } {
  const { state, runbook, steps } = run;
  const titleOf = new Map(state.steps.map(({ id, title }) => [id, title]));
  const back = undoOutline(state, runbook).map(
    ({ id, title }) => titleOf.get(id.slice(1)) ?? title,
  );
  const stays = state.steps
    .filter(({ status, risk, undone }) => status === 'succeeded' && risk !== 'safe' && !undone)
    .filter(({ id, does }) => steps.has(id) && does !== 'call' && does !== 'loop')
    .filter((step) => !step.id.startsWith('~') && !canUndo(state, runbook, step))
    .map(({ title }) => title);
  return { back, stays };
}

function Titles({ titles }: { titles: readonly string[] }) {
  return (
    <ol className={styles.titles}>
      {titles.map((title, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two steps may have one title
        <li key={index}>{title}</li>
      ))}
    </ol>
  );
}

/** Ends the run, with what was done left as it is or taken back first. */
export function AbortDialog({ run, onClose, onGive }: Props) {
  const form = useId();
  const [undo, setUndo] = useState<'leave' | 'undo'>('leave');
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const { back, stays } = useMemo(() => takenBack(run), [run]);
  const underWay = run.state.undo?.ends === true;
  const give = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() === '') setMissing(true);
    else onGive({ kind: 'abort', reason: text.trim(), undo: undo === 'undo' });
  };
  const count = back.length === 1 ? '1 step' : `${back.length} steps`;
  return (
    <Dialog
      title="Abort the run"
      width="wide"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>Go on with the run</Button>
          <Button type="submit" form={form} look="danger" keys="Enter">
            {undo === 'undo' ? `Take back ${count}, then end` : 'Abort the run'}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={give} className={styles.form}>
        <p>What runs now is ended. The run cannot be taken up again; its record stays.</p>
        {back.length > 0 && !underWay && (
          <Choice
            legend="What was done"
            value={undo}
            onChange={setUndo}
            options={[
              { value: 'leave', label: 'Leave it as it is', help: 'Nothing is taken back.' },
              {
                value: 'undo',
                label: 'Take back what was done, newest first',
                help: 'Step by step, at the pace of the run. A critical target asks for its name.',
              },
            ]}
          />
        )}
        {undo === 'undo' && (
          <section aria-label="Would be taken back">
            <h3>Would be taken back: {count}</h3>
            <Titles titles={back} />
          </section>
        )}
        {stays.length > 0 && (
          <section aria-label="Cannot be taken back">
            <h3>Cannot be taken back by Muster</h3>
            <p className={styles.quiet}>
              {stays.length === 1 ? 'This step' : 'These steps'} changed something, and the runbook
              does not say how to reverse it.
            </p>
            <Titles titles={stays} />
          </section>
        )}
        {back.length === 0 && stays.length === 0 && !underWay && (
          <p className={styles.quiet}>Nothing that was done would have to be taken back.</p>
        )}
        <SentenceField
          label="Why is it aborted?"
          help="It goes into the record."
          problem={missing && text.trim() === '' ? 'A few words are needed.' : null}
          value={text}
          first
          onChange={setText}
        />
      </form>
    </Dialog>
  );
}
