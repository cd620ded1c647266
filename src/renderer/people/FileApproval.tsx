import { type SubmitEvent, useEffect, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { CopyButton } from '../controls/CopyButton.tsx';
import { Field } from '../controls/Field.tsx';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { report } from '../shell/problems.ts';
import styles from './Form.module.css';

/** As much as a signed approval may be, in characters; see `commandSchema`. */
const LONGEST = 100_000;

interface Props {
  run: string;
  step: string;
  onDone: () => void;
}

/** A colleague elsewhere gets the request, and their answer is pasted or chosen here. */
export function FileApproval({ run, step, onDone }: Props) {
  const [request, setRequest] = useState('');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    ask('approval.request', { run, step }).then((made) => setRequest(made.text), report);
  }, [run, step]);
  const give = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || text.trim() === '') return;
    setBusy(true);
    const proof = { method: 'file', text } as const;
    ask('run.command', { run, command: { kind: 'approve', step, proof } }).then(
      onDone,
      (thrown: unknown) => {
        setProblem(toProblem(thrown));
        setBusy(false);
      },
    );
  };
  return (
    <form className={styles.form} onSubmit={give}>
      <Field
        label="Request, to send by mail or chat"
        help="They approve it with: muster approve FILE"
      >
        {({ id, describedBy }) => (
          <textarea
            id={id}
            aria-describedby={describedBy}
            className={styles.request}
            readOnly
            value={request}
          />
        )}
      </Field>
      <div className={styles.tools}>
        <CopyButton text={() => request} label="Copy the request" />
      </div>
      <Field label="Signed approval" help="Paste what came back, all of it, or choose the file.">
        {({ id, describedBy }) => (
          <textarea
            id={id}
            aria-describedby={describedBy}
            className={styles.request}
            maxLength={LONGEST}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <input
        type="file"
        aria-label="File with the signed approval"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) file.slice(0, LONGEST).text().then(setText, report);
        }}
      />
      {problem !== null && <ProblemNotice problem={problem} />}
      <div className={styles.tools}>
        <Button type="submit" look="primary" busy={busy} off={text.trim() === ''}>
          Use the approval
        </Button>
      </div>
    </form>
  );
}
