import { type SubmitEvent, useEffect, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import type { Person } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { Field } from '../controls/Field.tsx';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { report } from '../shell/problems.ts';
import styles from './Form.module.css';

interface Props {
  run: string;
  step: string;
  onDone: () => void;
}

/** A colleague at this machine chooses their name and types their PIN. */
export function PinApproval({ run, step, onDone }: Props) {
  const [people, setPeople] = useState<Person[] | null>(null);
  const [approver, setApprover] = useState('');
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    ask('people.list').then((all) => {
      const able = all.filter(({ hasPin }) => hasPin);
      setPeople(able);
      setApprover(able[0]?.name ?? '');
    }, report);
  }, []);
  const give = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || approver === '' || pin === '') return;
    setBusy(true);
    const proof = { method: 'pin', approver, pin } as const;
    // The PIN is not kept a moment longer than it takes to ask.
    setPin('');
    ask('run.command', { run, command: { kind: 'approve', step, proof } }).then(
      onDone,
      (thrown: unknown) => {
        setProblem(toProblem(thrown));
        setBusy(false);
      },
    );
  };
  if (people?.length === 0) {
    return (
      <p>
        Nobody has a PIN on this machine. Add a colleague with <code>muster people add</code>, and
        let them set one with <code>muster people pin</code>.
      </p>
    );
  }
  return (
    <form className={styles.form} onSubmit={give}>
      <Field label="Who approves">
        {({ id, describedBy }) => (
          <select
            id={id}
            aria-describedby={describedBy}
            value={approver}
            onChange={(event) => setApprover(event.target.value)}
          >
            {(people ?? []).map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label="PIN" help="Typed by the person who approves.">
        {({ id, describedBy }) => (
          <input
            id={id}
            aria-describedby={describedBy}
            type="password"
            autoComplete="off"
            maxLength={200}
            value={pin}
            onChange={(event) => setPin(event.target.value)}
          />
        )}
      </Field>
      {problem !== null && <ProblemNotice problem={problem} />}
      <div className={styles.tools}>
        <Button type="submit" look="primary" keys="Enter" busy={busy} off={pin === ''}>
          Approve
        </Button>
      </div>
    </form>
  );
}
