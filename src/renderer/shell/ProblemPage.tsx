import type { ReactNode } from 'react';
import type { Problem } from '../../core/problem.ts';
import { ProblemNotice } from './ProblemNotice.tsx';
import styles from './ProblemPage.module.css';

interface Props {
  title: string;
  problem: Problem;
  /** The buttons: what can be done about it from here. */
  children: ReactNode;
}

/** A place whose content cannot be shown: why not, and what to do. */
export function ProblemPage({ title, problem, children }: Props) {
  return (
    <div className={styles.page}>
      <h1>{title}</h1>
      <ProblemNotice problem={problem} />
      <div className={styles.buttons}>{children}</div>
    </div>
  );
}
