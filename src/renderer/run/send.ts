import { create } from 'zustand';
import type { Command } from '../../core/run/commands.ts';
import { ask } from '../bridge.ts';
import { report } from '../shell/problems.ts';
import { useRuns } from './store.ts';

/** Commands on their way to the engine: the same one is never sent twice at once. */
const useSending = create<Record<string, true>>()(() => ({}));

function nameOf(run: string, command: Command): string {
  const step = 'step' in command ? (command.step ?? '') : '';
  const task = 'task' in command ? command.task : '';
  return `${run} ${command.kind} ${step} ${task}`;
}

const longestWaitMs = 1000;

/**
 * The run's next event, or a second without one. The answer to a command may be here before its
 * event; until both are, the button stays deaf.
 */
function nextChange(run: string): Promise<void> {
  const before = useRuns.getState().loaded[run]?.state.lastSeq;
  return new Promise((resolve) => {
    const done = () => {
      unfollow();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => done(), longestWaitMs);
    const unfollow = useRuns.subscribe(({ loaded }) => {
      if (loaded[run]?.state.lastSeq !== before) done();
    });
  });
}

/** Tells the engine what the operator wants. True when it was accepted. */
export async function send(run: string, command: Command): Promise<boolean> {
  const name = nameOf(run, command);
  if (useSending.getState()[name] === true) return false;
  useSending.setState({ [name]: true });
  const changed = nextChange(run);
  try {
    await ask('run.command', { run, command });
    await changed;
    return true;
  } catch (thrown) {
    report(thrown);
    return false;
  } finally {
    const { [name]: _, ...others } = useSending.getState();
    useSending.setState(others, true);
  }
}

/** True while this very command is on its way. */
export function useIsSending(run: string, command: Command | null): boolean {
  return useSending((sending) => command !== null && sending[nameOf(run, command)] === true);
}
