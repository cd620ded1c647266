import type { Problem } from '../../core/problem.ts';
import { Button } from '../controls/Button.tsx';
import { ProblemPage } from '../shell/ProblemPage.tsx';
import { refreshRuns } from './store.ts';

/** Nothing of what was run can be read: the store cannot be opened. */
export function RunsUnreadable({ problem }: { problem: Problem }) {
  return (
    <ProblemPage title="The record cannot be read" problem={problem}>
      <Button look="primary" onClick={refreshRuns}>
        Try again
      </Button>
    </ProblemPage>
  );
}
