import { type SubmitEvent, useId, useState } from 'react';
import type { Command } from '../../core/run/commands.ts';
import type { StepState } from '../../core/run/state.ts';
import { Button } from '../controls/Button.tsx';
import { Choice } from '../controls/Choice.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { SentenceField } from '../controls/SentenceField.tsx';
import type { LoadedRun } from './store.ts';
import { targetWords } from './words.ts';

type End = 'succeeded' | 'retry' | 'failed';

const ends = [
  {
    value: 'succeeded',
    label: 'It is done',
    help: 'The evidence shows that it reached its end. The run goes on.',
  },
  {
    value: 'retry',
    label: 'Run it again',
    help: 'It did not finish, and running it once more is safe.',
  },
  { value: 'failed', label: 'It failed', help: 'The run holds at this step.' },
] as const;

interface Props {
  run: LoadedRun;
  step: StepState;
  onClose: () => void;
  onGive: (command: Command) => void;
}

/** A person's word on a step whose end cannot be proven. */
export function ResolveDialog({ run, step, onClose, onGive }: Props) {
  const form = useId();
  const [as, setAs] = useState<End | null>(null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const give = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (as !== null && reason.trim() !== '') {
      onGive({ kind: 'resolve', step: step.id, as, reason: reason.trim() });
    }
  };
  const missing =
    as === null ? 'Choose one of the three first.' : 'Say what you saw; it goes into the record.';
  return (
    <Dialog
      title={`How did "${step.title}" end?`}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} look="primary" keys="Enter">
            Resolve
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={give} style={{ display: 'grid', gap: 16 }}>
        <p>Look at {targetWords(run)} itself before you decide.</p>
        <Choice legend="The end" options={ends} value={as} onChange={setAs} first />
        <SentenceField
          label="What shows it?"
          problem={tried && (as === null || reason.trim() === '') ? missing : null}
          value={reason}
          onChange={setReason}
        />
      </form>
    </Dialog>
  );
}
