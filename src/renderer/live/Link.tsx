import type { LiveLink } from '../../core/live/view.ts';
import { formatDuration } from '../../core/units.ts';
import { useNow } from '../controls/now.ts';
import { When } from '../controls/When.tsx';
import styles from './Live.module.css';
import { Sign } from './Sign.tsx';

interface Props {
  name: string;
  link: LiveLink;
  /** What to say of it while it answers. */
  fine: string;
  /** It is not asked any more. */
  isOver: boolean;
}

/** One connection: the age of its last answer, or since when there is none and why. */
export function Link({ name, link: { at, problem }, fine, isOver }: Props) {
  const isFresh = !isOver && problem === null && at !== null;
  const unanswered = problem === null && !isOver ? 'connecting' : 'no answer yet';
  const isOther = problem?.code === 'target-mismatch';
  // The line is always there, so that an outage moves nothing.
  const note =
    problem === null || isOver
      ? isFresh
        ? fine
        : ''
      : isOther
        ? `${problem.what} ${problem.next}`
        : `Reconnecting. ${problem.what}`;
  return (
    <div className={styles.link}>
      <p className={styles.line}>
        <Sign kind={isFresh ? 'well' : isOver || problem === null ? 'old' : 'ill'} />
        <span className={styles.name}>{name}</span>
        <span className={styles.state}>
          {isFresh ? (
            <Age at={at} />
          ) : at === null ? (
            unanswered
          ) : (
            <>
              last <When at={new Date(at).toISOString()} />
            </>
          )}
        </span>
      </p>
      <p className={styles.note} title={note}>
        {note}
      </p>
    </div>
  );
}

/** `answered 2 s ago`, in whole seconds. */
function Age({ at }: { at: number }) {
  const seconds = Math.max(0, Math.floor((useNow(1_000) - at) / 1_000));
  return <>answered {seconds === 0 ? 'just now' : `${formatDuration(seconds * 1_000)} ago`}</>;
}
