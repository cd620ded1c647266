import { type SubmitEvent, useId, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import type { OpenRunbook } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { SentenceField } from '../controls/SentenceField.tsx';
import { useApp } from '../shell/app.ts';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import styles from './ApproveDialog.module.css';
import { approve } from './store.ts';

interface Props {
  open: OpenRunbook;
  onClose: () => void;
}

/** Asks for the word of a person on exactly the text that is shown. */
export function ApproveDialog({ open, onClose }: Props) {
  const form = useId();
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const operator = useApp((app) => app.info?.operator ?? '');
  const { runbook, sha256 } = open;
  const give = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    approve(open, comment.trim()).then(onClose, (thrown: unknown) => {
      setProblem(toProblem(thrown));
      setBusy(false);
    });
  };
  const days = runbook.reviewDays;
  const commands = runbook.phases.flatMap((phase) =>
    phase.steps.filter(({ action }) => action?.kind === 'shell' && !action.reviewed),
  ).length;
  return (
    <Dialog
      title="Approve this version"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} look="primary" keys="Enter" busy={busy}>
            Approve
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={give}>
        <p>
          You say, as {operator}, that you read this text and stand for it. It is kept with your
          approval under SHA-256 <code>{sha256.slice(0, 12)}</code>.{' '}
          {days === null
            ? 'The text sets no interval, so the review does not end by itself.'
            : `The review is good for ${days} days.`}
        </p>
        {commands > 0 && (
          <p className={styles.note}>
            {commands === 1 ? 'One command stays' : `${commands} commands stay`} unreviewed for
            running: Muster still asks before each. Approving a guide is about its text, not about
            running what it holds.
          </p>
        )}
        <SentenceField
          label="Comment"
          help="What you checked, or for whom. It goes into the record."
          value={comment}
          first
          onChange={setComment}
        />
        {problem !== null && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
