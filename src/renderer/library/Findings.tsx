import { useContext } from 'react';
import type { Finding } from '../../core/runbook/model.ts';
import styles from './Findings.module.css';
import { GoToLine } from './go-to-line.ts';
import { useAllFindings } from './linting.ts';

const first = 5;

/** What is wrong in the text, or could be better, errors first, each with its line and its remedy. */
export function Findings({ findings: read }: { findings: readonly Finding[] }) {
  const findings = useAllFindings(read);
  const goTo = useContext(GoToLine);
  if (findings.length === 0) return null;
  const errors = findings.filter((finding) => finding.severity === 'error');
  const warnings = findings.filter((finding) => finding.severity === 'warning');
  const sorted = [...errors, ...warnings];
  const shown = Math.max(first, errors.length);
  const item = (finding: Finding, index: number) => (
    <li
      key={`${finding.rule} ${finding.line} ${finding.column} ${index}`}
      className={styles[finding.severity]}
    >
      <button type="button" className={styles.where} onClick={() => goTo(finding.line)}>
        line {finding.line} · {finding.severity} · {finding.rule}
      </button>
      <p className={styles.message}>{finding.message}</p>
      <p className={styles.remedy}>{finding.remedy}</p>
    </li>
  );
  return (
    <section className={styles.findings} aria-label="Findings">
      <ul>{sorted.slice(0, shown).map(item)}</ul>
      {sorted.length > shown && (
        <details>
          <summary>{sorted.length - shown} more warnings</summary>
          <ul>{sorted.slice(shown).map(item)}</ul>
        </details>
      )}
    </section>
  );
}
