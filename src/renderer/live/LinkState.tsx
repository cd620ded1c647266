import { useEffect } from 'react';
import { formatDuration } from '../../core/units.ts';
import { useNow } from '../controls/now.ts';
import { When } from '../controls/When.tsx';
import { driverOf } from '../run/current.ts';
import { useRuns } from '../run/store.ts';
import styles from './LinkState.module.css';
import { Sign } from './Sign.tsx';
import { type Links, linksKey, useLive, type Watched, watchConnection } from './store.ts';

interface Props {
  of: Watched;
  /** The run's first target: it is asked also while no panel watches it. */
  isMain: boolean;
}

/** Whether a target answers, and how old that is, in the ribbon. Nothing while it is not known. */
export default function LinkState({ of, isMain }: Props) {
  const { run, role, name: target } = of;
  const isHere = useRuns((runs) => driverOf(runs.list, run) === 'here');
  useEffect(
    () => (isMain && isHere ? watchConnection({ run, role, name: target }) : undefined),
    [run, role, target, isMain, isHere],
  );
  const links = useLive((live) => live.links[linksKey(of)]);
  if (links === undefined) return null;
  const parts = partsOf(links);
  const worst = parts.find(({ link }) => link.problem !== null) ?? parts[0];
  if (worst === undefined) return null;
  const { name, link } = worst;
  const { at, problem } = link;
  if (!links.isWatched) {
    if (at === null) return null;
    return (
      <span className={styles.link}>
        <Sign kind="old" /> last answered <When at={new Date(at).toISOString()} />
      </span>
    );
  }
  if (problem?.code === 'target-mismatch') {
    return (
      <strong className={styles.link} title={problem.what}>
        <Sign kind="ill" /> another system answers
      </strong>
    );
  }
  const what = parts.length > 1 ? `${name} ` : '';
  if (problem !== null) {
    return (
      <strong className={styles.link} title={problem.what}>
        <Sign kind="ill" />
        {at === null ? (
          `${what}not reachable`
        ) : (
          <>
            {what}not reachable for <Since at={at} />
          </>
        )}
      </strong>
    );
  }
  return (
    <span className={styles.link}>
      <Sign kind={at === null ? 'old' : 'well'} />
      {at === null ? (
        'connecting'
      ) : (
        <>
          connected <Since at={at} /> ago
        </>
      )}
    </span>
  );
}

function partsOf({ cluster, store }: Links) {
  return [
    ...(cluster === null ? [] : [{ name: 'cluster', link: cluster }]),
    ...(store === null ? [] : [{ name: 'object store', link: store }]),
  ];
}

/** Whole seconds since a moment, at least one. */
function Since({ at }: { at: number }) {
  const seconds = Math.max(1, Math.floor((useNow(1_000) - at) / 1_000));
  return <>{formatDuration(seconds * 1_000)}</>;
}
