import type { ShellAction } from '../../core/runbook/model.ts';
import { Code } from './Code.tsx';

/** What the author saw when the commands ran, to hold the output against. */
export function Expected({ action }: { action: ShellAction }) {
  if (action.expected === null) return null;
  return <Code code={action.expected} language="expected output" />;
}
