import type { ShownObjects } from '../../core/live/view.ts';
import { formatBytes } from '../../core/units.ts';
import { ago } from '../controls/ago.ts';
import { useNow } from '../controls/now.ts';
import styles from './Live.module.css';
import { SectionHead } from './SectionHead.tsx';

/** What lies under the prefix of the backups, the newest first. */
export function Objects({ seen }: { seen: ShownObjects }) {
  const now = useNow(30_000);
  const count = seen.newest.length + seen.more;
  const note =
    seen.problem ??
    (count === 0
      ? 'No object is there.'
      : `${count} ${count === 1 ? 'object' : 'objects'}, ${formatBytes(seen.total)}`);
  return (
    <section aria-label="Backups">
      <SectionHead name="Backups" asOf={seen.problem === null ? null : seen.at} note={note} />
      <p className={styles.place} title={seen.prefix}>
        {seen.prefix}
      </p>
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
