import { useState } from 'react';
import { Choice } from '../controls/Choice.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { FileApproval } from './FileApproval.tsx';
import styles from './Form.module.css';
import { PinApproval } from './PinApproval.tsx';

const ways = [
  { value: 'pin', label: 'Here, with a PIN', help: 'The second person is at this machine.' },
  { value: 'file', label: 'From afar, with a signed file', help: 'By mail or chat.' },
] as const;

interface Props {
  run: string;
  step: string;
  title: string;
  /** What the second person approves, in the runbook's words. */
  statement: string;
  onClose: () => void;
}

/** A second person approves the step that waits for them. */
export default function ApprovalDialog({ run, step, title, statement, onClose }: Props) {
  const [way, setWay] = useState<'pin' | 'file'>('pin');
  const at = { run, step, onDone: onClose };
  return (
    <Dialog title={`Approve "${title}"`} onClose={onClose}>
      <div className={styles.form}>
        <p>A second person approves this. Nobody approves their own step.</p>
        <p className={styles.statement}>{statement}</p>
        <Choice legend="How" options={ways} value={way} onChange={setWay} first />
        {way === 'pin' ? <PinApproval {...at} /> : <FileApproval {...at} />}
      </div>
    </Dialog>
  );
}
