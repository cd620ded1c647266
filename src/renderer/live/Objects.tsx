import type { ShownObjects } from '../../core/live/view.ts';
import { formatBytes } from '../../core/units.ts';
import { ago } from '../controls/ago.ts';
import { useNow } from '../controls/now.ts';
import { AsOf } from './AsOf.tsx';
import styles from './Live.module.css';

/** What lies under the prefix of the backups, the newest first. */
export function Objects({ seen }: { seen: ShownObjects }) {
  const now = useNow(30_000);
  const count = seen.newest.length + seen.more;
  return (
    <section aria-label="Backups">
      <h2>Backups</h2>
      <p className={styles.place} title={seen.prefix}>
        {seen.prefix}
      </p>
      <AsOf at={seen.at} problem={seen.problem} />
      {seen.at !== null && (
        <p className={styles.quiet}>
          {count === 0
            ? 'No object is there.'
            : `${count} ${count === 1 ? 'object' : 'objects'}, ${formatBytes(seen.total)}`}
        </p>
      )}
      <ul className={styles.rows}>
        {seen.newest.map(({ key, size, modified }) => (
          <li key={key}>
            <p className={styles.line}>
              <span className={styles.name} title={key}>
                {key}
              </span>
              <span className={styles.state}>{formatBytes(size)}</span>
            </p>
            <p className={styles.quiet}>{ago(new Date(modified).toISOString(), now)}</p>
          </li>
        ))}
      </ul>
      {seen.more > 0 && <p className={styles.quiet}>{seen.more} older ones, not shown.</p>}
    </section>
  );
}
