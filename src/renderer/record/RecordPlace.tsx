import { Button } from '../controls/Button.tsx';
import { Empty } from '../controls/Empty.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { TakeOverButton } from '../people/TakeOverButton.tsx';
import { RunsUnreadable } from '../run/RunsUnreadable.tsx';
import { useRuns } from '../run/store.ts';
import { visit } from '../shell/navigation.ts';
import { RunList } from './RunList.tsx';
import { RunRecord } from './RunRecord.tsx';

/** What was run, and how it went. */
export default function RecordPlace({ item }: { item: string | null }) {
  const list = useRuns((runs) => runs.list);
  const listProblem = useRuns((runs) => runs.listProblem);
  if (item !== null) return <RunRecord key={item} id={item} />;
  if (list === null && listProblem !== null) return <RunsUnreadable problem={listProblem} />;
  if (list === null) return <Skeleton label="Loading the record" rows={9} />;
  if (list.length > 0) return <RunList runs={list} />;
  return (
    <Empty title="Nothing was run yet">
      <p>Every run stands here from its first moment on, with its evidence. Start with a drill.</p>
      <Button look="primary" onClick={() => visit('library')}>
        Open the Library
      </Button>
      <TakeOverButton />
    </Empty>
  );
}
