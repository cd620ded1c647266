import { useEffect, useState } from 'react';
import { targetOf } from '../../core/run/care.ts';
import type { TargetSnapshot } from '../../core/run/events.ts';
import { driverOf } from '../run/current.ts';
import { type LoadedRun, useRuns } from '../run/store.ts';
import { Connection } from './Connection.tsx';
import styles from './Live.module.css';
import { Objects } from './Objects.tsx';
import { PodLog } from './PodLog.tsx';
import { readLog, useLive, watchTarget } from './store.ts';
import { Workloads } from './Workloads.tsx';

interface Props {
  run: LoadedRun;
  /** The step on the screen: its target is looked at, unless another one was chosen. */
  shown: string | null;
}

/** What the run's target does now, as long as this is on the screen. Nothing without a target. */
export function LivePanel({ run, shown }: Props) {
  const isHere = useRuns((runs) => driverOf(runs.list, run.id)) === 'here';
  const targets = run.state.created.targets ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const ofStep = targetOf(run.state, shown === null ? null : (run.steps.get(shown) ?? null));
  const target = targets.find(({ role }) => role === chosen) ?? ofStep;
  if (target === null) return null;
  return (
    <>
      {targets.length > 1 && (
        <label className={styles.which}>
          Watched
          <select value={target.role} onChange={(event) => setChosen(event.target.value)}>
            {targets.map(({ role, name }) => (
              <option key={role} value={role}>
                {name} ({role})
              </option>
            ))}
          </select>
        </label>
      )}
      <TargetNow key={target.role} run={run.id} target={target} isHere={isHere} />
    </>
  );
}

interface TargetProps {
  run: string;
  target: TargetSnapshot;
  isHere: boolean;
}

function TargetNow({ run, target, isHere }: TargetProps) {
  const { role, name } = target;
  const seen = useLive(({ view }) => (view?.run === run && view.role === role ? view : null));
  const problem = useLive((live) => live.problem);
  const pod = useLive((live) => live.pod);

  useEffect(
    () => (isHere ? watchTarget({ run, role, name }) : undefined),
    [run, role, name, isHere],
  );

  if (!isHere && seen === null) return null;
  return (
    <>
      <Connection target={target} view={seen} isOver={!isHere} problem={problem} />
      {seen?.workloads && (
        <Workloads seen={seen.workloads} pod={pod} onPod={isHere ? readLog : null} />
      )}
      {pod !== null && <PodLog pod={pod} onClose={() => readLog(null)} />}
      {seen?.objects && <Objects seen={seen.objects} />}
    </>
  );
}
