import type { ShownPod, ShownWorkload, ShownWorkloads } from '../../core/live/view.ts';
import { When } from '../controls/When.tsx';
import styles from './Live.module.css';
import { SectionHead } from './SectionHead.tsx';
import { Sign } from './Sign.tsx';
import { useSteady } from './steady.ts';
import { eventWords } from './words.ts';

interface Props {
  seen: ShownWorkloads;
  /** The pod whose log is read. */
  pod: string | null;
  /** Null where no log can be read any more. */
  onPod: ((pod: string | null) => void) | null;
}

/** What runs in the target's namespace, by name, so that nothing moves when a state changes. */
export function Workloads({ seen, pod, onPod }: Props) {
  const { workloads, pods, namespace, problem } = seen;
  const steady = useSteady(pods);
  const asOf = problem === null ? null : seen.at;
  return (
    <>
      <section aria-label="Workloads">
        <SectionHead
          name="Workloads"
          asOf={asOf}
          note={problem ?? `In the namespace ${namespace}.`}
        />
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
        <SectionHead name="Pods" asOf={asOf} note={wellWords(seen)} />
        {pods.length === 0 && <p className={styles.quiet}>None in the namespace {namespace}.</p>}
        <ul className={styles.rows} {...steady.hold}>
          {steady.rows.map(({ item, isGone }) => (
            <PodRow
              key={item.name}
              pod={item}
              isGone={isGone}
              isRead={item.name === pod}
              onPod={onPod}
            />
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
      <Why isWell={isWell} message={problem} event={event} since={null} />
    </li>
  );
}

interface PodProps {
  pod: ShownPod;
  /** It is no more, and its row waits until nobody points at the list. */
  isGone: boolean;
  isRead: boolean;
  onPod: Props['onPod'];
}

function PodRow({ pod, isGone, isRead, onPod }: PodProps) {
  const { name, reason, message, restarts, isWell, event, notReadySince } = pod;
  return (
    <li>
      <p className={styles.line}>
        <Sign kind={isGone ? 'old' : isWell ? 'well' : 'ill'} />
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
          {isGone ? 'gone' : reason}
          {restarts > 0 && `, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`}
        </span>
      </p>
      <Why isWell={isWell} message={message} event={event} since={notReadySince} />
    </li>
  );
}

interface WhyProps {
  isWell: boolean;
  message: string | null;
  event: ShownPod['event'];
  since: number | null;
}

/**
 * Of what is well the last event, else why it is not: what it says itself, and what was said about
 * it. One line that is always there, so that a change of state moves nothing; all of it on demand.
 */
function Why({ isWell, message, event, since }: WhyProps) {
  const told = event === null ? null : eventWords(event);
  const text = isWell ? told : [message, told].filter((one) => one !== null).join(' ');
  return (
    <p className={styles.why} title={text ?? undefined}>
      {!isWell && since !== null && (
        <>
          since <When at={new Date(since).toISOString()} />:{' '}
        </>
      )}
      {text}
    </p>
  );
}

function wellWords({ pods, morePods }: ShownWorkloads): string {
  const ill = pods.filter(({ isWell }) => !isWell).length;
  const all = pods.length + morePods;
  return ill === 0 ? `${all}, all well` : `${ill} of ${all} not well`;
}

function More({ count }: { count: number }) {
  return count === 0 ? null : <p className={styles.quiet}>{count} more, not shown.</p>;
}
