import type { LiveView } from '../../core/live/view.ts';
import type { Problem } from '../../core/problem.ts';
import type { TargetSnapshot } from '../../core/run/events.ts';
import { Link } from './Link.tsx';
import styles from './Live.module.css';

interface Props {
  target: TargetSnapshot;
  view: LiveView | null;
  /** The run is not driven here any more. */
  isOver: boolean;
  problem: Problem | null;
}

/** Whether the target answers, and how old the last answer is. */
export function Connection({ target, view, isOver, problem }: Props) {
  const over = isOver || view?.isOver === true;
  return (
    <section aria-label="Connection" data-colour={target.colour}>
      <h2>Connection</h2>
      <p className={styles.target}>
        <span className={styles.hue} aria-hidden="true" />
        <strong>{target.name}</strong>
      </p>
      {problem !== null && !over && (
        <p className={styles.trouble}>
          {problem.what} {problem.next}
        </p>
      )}
      {view === null && problem === null && <p className={styles.quiet}>Connecting</p>}
      {view?.cluster && (
        <Link
          name="Cluster"
          link={view.cluster}
          fine="It is the cluster that is pinned."
          isOver={over}
        />
      )}
      {view?.store && (
        <Link
          name="Object store"
          link={view.store}
          fine="It is the store that is pinned."
          isOver={over}
        />
      )}
      {view !== null && view.cluster === null && view.store === null && (
        <p className={styles.quiet}>
          It has no cluster, and no step of this run names a place for backups.
        </p>
      )}
      {over && (
        <p className={styles.quiet}>Not watched any more: this window does not drive the run.</p>
      )}
    </section>
  );
}
