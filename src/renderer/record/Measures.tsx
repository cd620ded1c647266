import type { Measure } from '../../core/run/objectives.ts';
import styles from './Measures.module.css';
import { measuredWords, promisedWords, verdictWords } from './words.ts';

/** Promised and measured, side by side, with the verdict in words. */
export function Measures({
  measures,
  declared,
}: {
  measures: readonly Measure[];
  declared: boolean;
}) {
  if (measures.length === 0) {
    return (
      <p className={styles.none}>
        The runbook promises no recovery time and no data loss, so none was measured.
      </p>
    );
  }
  return (
    <div>
      <table className={styles.measures}>
        <caption>Objectives</caption>
        <thead>
          <tr>
            <th scope="col">Component</th>
            <th scope="col">RTO promised</th>
            <th scope="col">RTO measured</th>
            <th scope="col">RPO promised</th>
            <th scope="col">RPO measured</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {measures.map((measure) => (
            <tr key={measure.component}>
              <th scope="row">{measure.component}</th>
              <td>{promisedWords(measure.rtoPromisedMs)}</td>
              <td className={styles.measured}>{measuredWords(measure.rtoMs)}</td>
              <td>{promisedWords(measure.rpoPromisedMs)}</td>
              <td className={styles.measured}>{measuredWords(measure.rpoMs)}</td>
              <td className={styles[measure.verdict]}>{verdictWords[measure.verdict]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!declared && (
        <p className={styles.none}>The run was never declared, so no recovery time was measured.</p>
      )}
    </div>
  );
}
