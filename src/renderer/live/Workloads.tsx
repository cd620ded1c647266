import type { ShownPod, ShownWorkload, ShownWorkloads } from '../../core/live/view.ts';
import { When } from '../controls/When.tsx';
import { AsOf } from './AsOf.tsx';
import styles from './Live.module.css';
import { Sign } from './Sign.tsx';

interface Props {
  seen: ShownWorkloads;
  /** The pod whose log is read. */
  pod: string | null;
  /** Null where no log can be read any more. */
  onPod: ((pod: string | null) => void) | null;
}

/** What runs in the target's namespace, by name, so that nothing moves when a state changes. */
export function Workloads({ seen, pod, onPod }: Props) {
  const { workloads, pods, namespace } = seen;
  return (
    <>
      <section aria-label="Workloads">
        <h2>Workloads</h2>
        <AsOf at={seen.at} problem={seen.problem} />
        {workloads.length === 0 && (
          <p className={styles.quiet}>None in the namespace {namespace}.</p>
        )}
        <ul className={styles.rows}>
          {workloads.map((one) => (
            <WorkloadRow key={one.name} workload={one} />
          ))}
        </ul>
        <More count={seen.moreWorkloads} />
      </section>
      <section aria-label="Pods">
        <h2>Pods</h2>
        {pods.length === 0 && <p className={styles.quiet}>None in the namespace {namespace}.</p>}
        <ul className={styles.rows}>
          {pods.map((one) => (
            <PodRow key={one.name} pod={one} isRead={one.name === pod} onPod={onPod} />
          ))}
        </ul>
        <More count={seen.morePods} />
      </section>
    </>
  );
}

function WorkloadRow({ workload }: { workload: ShownWorkload }) {
  const { name, ready, desired, problem, event } = workload;
  const isWell = problem === null && ready >= desired;
  return (
    <li>
      <p className={styles.line}>
        <Sign kind={isWell ? 'well' : 'ill'} />
        <span className={styles.name} title={name}>
          {name}
        </span>
        <span className={styles.state}>
          {ready} of {desired} ready
        </span>
      </p>
      {!isWell && <Why message={problem} event={event} since={null} />}
    </li>
  );
}

interface PodProps {
  pod: ShownPod;
  isRead: boolean;
  onPod: Props['onPod'];
}

function PodRow({ pod, isRead, onPod }: PodProps) {
  const { name, reason, message, restarts, isWell, event, notReadySince } = pod;
  return (
    <li>
      <p className={styles.line}>
        <Sign kind={isWell ? 'well' : 'ill'} />
        {onPod === null ? (
          <span className={styles.name} title={name}>
            {name}
          </span>
        ) : (
          <button
            type="button"
            className={styles.pod}
            title={`Log of ${name}`}
            aria-label={`Log of ${name}`}
            aria-expanded={isRead}
            onClick={() => onPod(isRead ? null : name)}
          >
            {name}
          </button>
        )}
        <span className={styles.state}>
          {reason}
          {restarts > 0 && `, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`}
        </span>
      </p>
      {!isWell && <Why message={message} event={event} since={notReadySince} />}
    </li>
  );
}

interface WhyProps {
  message: string | null;
  event: ShownPod['event'];
  since: number | null;
}

/** Why something is not well: what it says itself, and the last event about it. */
function Why({ message, event, since }: WhyProps) {
  return (
    <>
      {since !== null && (
        <p className={styles.why}>
          Not ready since <When at={new Date(since).toISOString()} />
        </p>
      )}
      {message !== null && <p className={styles.why}>{message}</p>}
      {event !== null && event.message !== message && (
        <p className={styles.why}>
          {event.reason}
          {event.count > 1 && ` (${event.count} times)`}: {event.message}
        </p>
      )}
    </>
  );
}

function More({ count }: { count: number }) {
  return count === 0 ? null : <p className={styles.quiet}>{count} more, not shown.</p>;
}
