import type { Problem } from '../../core/problem.ts';
import { Button } from '../controls/Button.tsx';
import { VerifyChain } from '../record/VerifyChain.tsx';
import { ProblemPage } from '../shell/ProblemPage.tsx';
import { load } from './store.ts';

/** One run cannot be read; the others can. */
export function RunUnreadable({ id, problem }: { id: string; problem: Problem }) {
  return (
    <ProblemPage title={`Run ${id} cannot be read`} problem={problem}>
      <Button look="primary" onClick={() => void load(id)}>
        Try again
      </Button>
      <VerifyChain run={id} />
    </ProblemPage>
  );
}
