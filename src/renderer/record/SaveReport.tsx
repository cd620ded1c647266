import { useState } from 'react';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { useKeys } from '../shell/keys.ts';
import { report } from '../shell/problems.ts';
import styles from './RunRecord.module.css';

/** Main asks where to; a dismissed dialog is nothing to talk about. */
export function SaveReport({ run }: { run: string }) {
  const [saved, setSaved] = useState<string | null>(null);
  const save = (format: 'html' | 'md') => {
    ask('report.save', { run, format }).then((path) => {
      if (path !== null) setSaved(path);
    }, report);
  };
  useKeys('place', 'Record', [
    { keys: null, name: 'Save the report as HTML', run: () => save('html') },
    { keys: null, name: 'Save the report as Markdown', run: () => save('md') },
  ]);
  return (
    <>
      <Button onClick={() => save('html')}>Save report as HTML…</Button>
      <Button onClick={() => save('md')}>Save report as Markdown…</Button>
      <span role="status" className={styles.saved}>
        {saved !== null && `Saved to ${saved}`}
      </span>
    </>
  );
}
