import { formatBytes, formatCount, formatDuration } from '../../core/units.ts';
import styles from './ProgressBar.module.css';
import { type KnownProgress, leftMs, progressKey, rateOf, useProgress } from './progress.ts';

function amount(count: number, unit: KnownProgress['unit']): string {
  if (unit === 'bytes') return formatBytes(count);
  if (unit === 'ms') return formatDuration(count);
  return `${formatCount(Math.round(count))} ${unit}`;
}

function wordsOf(progress: KnownProgress): string {
  const { done, total, unit } = progress;
  const parts = [
    total === null ? amount(done, unit) : `${amount(done, unit)} of ${amount(total, unit)}`,
  ];
  const rate = rateOf(progress);
  if (rate !== null && unit !== 'ms') parts.push(`${amount(rate, unit)} a second`);
  const left = leftMs(progress);
  if (left !== null) parts.push(`about ${formatDuration(Math.ceil(left / 1000) * 1000)} left`);
  return parts.join(' · ');
}

/** How far a running step has come. Its place is kept from the beginning, so that nothing moves. */
export function ProgressBar({ run, step }: { run: string; step: string }) {
  const progress = useProgress((all) => all[progressKey(run, step)]);
  if (progress === undefined) return null;
  const { label, done, total } = progress;
  const share = total === null || total === 0 ? null : Math.min(100, (done * 100) / total);
  return (
    <div className={styles.progress}>
      <p className={styles.words}>
        <span className={styles.label}>{label}</span>
        <span>{wordsOf(progress)}</span>
      </p>
      <div
        className={styles.track}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(share === null ? {} : { 'aria-valuenow': Math.round(share) })}
      >
        {share !== null && <div style={{ width: `${share}%` }} />}
      </div>
    </div>
  );
}
