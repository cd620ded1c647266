import type { Finding } from '../../core/runbook/model.ts';
import styles from './Findings.module.css';

const first = 5;

/** What is wrong in the text, errors first, each with its line and its remedy. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  const errors = findings.filter((finding) => finding.severity === 'error');
  const warnings = findings.filter((finding) => finding.severity === 'warning');
  const sorted = [...errors, ...warnings];
  const shown = Math.max(first, errors.length);
  const item = (finding: Finding) => (
    <li
      key={`${finding.rule} ${finding.line} ${finding.column}`}
      className={styles[finding.severity]}
    >
      <span className={styles.where}>
        line {finding.line} · {finding.severity} · {finding.rule}
      </span>
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
