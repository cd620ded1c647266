import { useEffect } from 'react';
import { Button } from '../controls/Button.tsx';
import { Empty } from '../controls/Empty.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { settle, visit } from '../shell/navigation.ts';
import { ActiveRuns } from './ActiveRuns.tsx';
import { activeRuns, shownRun } from './current.ts';
import { Outcome } from './Outcome.tsx';
import { RunScreen } from './RunScreen.tsx';
import { RunsUnreadable } from './RunsUnreadable.tsx';
import { RunUnreadable } from './RunUnreadable.tsx';
import { load, useRuns } from './store.ts';

/** The run that is asked for, the only active one, or the list of the active ones. */
export default function RunPlace({ item }: { item: string | null }) {
  const list = useRuns((runs) => runs.list);
  const listProblem = useRuns((runs) => runs.listProblem);
  const id = shownRun(list, item);
  const run = useRuns((runs) => (id === null ? undefined : runs.loaded[id]));
  const problem = useRuns((runs) => (id === null ? undefined : runs.loadProblems[id]));

  useEffect(() => {
    if (id === null) return;
    void load(id);
    // The only active run is none any more when it ends, and its outcome is to be seen.
    if (item === null) settle(id);
  }, [id, item]);

  if (id !== null) {
    if (run === undefined && problem !== undefined) {
      return <RunUnreadable id={id} problem={problem} />;
    }
    if (run === undefined) return <Skeleton label="Loading the run" rows={10} />;
    return run.state.ended === null ? (
      <RunScreen key={id} run={run} />
    ) : (
      <Outcome key={id} run={run} />
    );
  }
  if (list === null && listProblem !== null) return <RunsUnreadable problem={listProblem} />;
  if (list === null) return <Skeleton label="Loading the runs" />;
  const active = activeRuns(list);
  if (active.length > 0) return <ActiveRuns runs={active} />;
  return (
    <Empty title="Nothing is running">
      <p>Open a runbook in the Library and start a run. It will stand here, step by step.</p>
      <Button look="primary" onClick={() => visit('library')}>
        Open the Library
      </Button>
    </Empty>
  );
}
