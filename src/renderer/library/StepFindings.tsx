import type { Runbook, Step } from '../../core/runbook/model.ts';
import styles from './Findings.module.css';
import { useFindingsIn } from './linting.ts';

/** What is found in one step, under it. */
export function StepFindings({ step, runbook }: { step: Step; runbook: Runbook }) {
  const findings = useFindingsIn(runbook, step.range);
  if (findings.length === 0) return null;
  return (
    <ul className={`${styles.findings} ${styles.marks}`} aria-label={`Findings in ${step.title}`}>
      {findings.map((finding, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: one line may have two findings of one rule
          key={`${finding.rule} ${finding.line} ${index}`}
          className={styles[finding.severity]}
        >
          <span className={styles.where}>
            line {finding.line} · {finding.severity} · {finding.rule}
          </span>
          <p className={styles.message}>{finding.message}</p>
          <p className={styles.remedy}>{finding.remedy}</p>
        </li>
      ))}
    </ul>
  );
}
