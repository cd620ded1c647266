import { formatClock } from '../../core/units.ts';
import { Hidden } from '../controls/Hidden.tsx';
import styles from './Clocks.module.css';
import type { ClockReading } from './clock-reading.ts';

export function Clock({ clock }: { clock: ClockReading }) {
  const value = clock.ms === null ? '--:--:--' : formatClock(clock.ms);
  const promised = clock.promisedMs === null ? null : formatClock(clock.promisedMs);
  return (
    <div className={`${styles.clock} ${styles[clock.ms === null ? 'unset' : clock.level]}`}>
      <span className={styles.name} title={clock.meaning}>
        {clock.name}
        <Hidden>: {clock.meaning}</Hidden>
      </span>
      <span className={styles.value} role="timer" aria-label={clock.name}>
        {value}
      </span>
      <span className={styles.promise}>
        {promised === null ? 'none promised' : `of ${promised}`}
        <span className={styles.words}>{clock.words}</span>
      </span>
    </div>
  );
}
