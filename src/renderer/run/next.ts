import type { Command } from '../../core/run/commands.ts';
import type { Value } from '../../core/run/events.ts';
import { refuse } from '../../core/run/refuse.ts';
import type { RunSummary } from '../../shared/ipc.ts';
import { riskWords } from '../document/words.ts';
import type { LoadedRun } from './store.ts';

/** The one obvious next action of the step on the screen. */
export interface Next {
  label: string;
  /** What pressing it does. `nothing`: it says what is going on. */
  does:
    | { kind: 'send'; command: Command; confirm: boolean }
    | { kind: 'resolve' }
    | { kind: 'approve' }
    | { kind: 'resume' }
    | { kind: 'nothing' };
  /** A sentence beside the button: why it waits, or what is missing. */
  hint: string | null;
}

const nothing = (label: string, hint: string | null = null): Next => ({
  label,
  does: { kind: 'nothing' },
  hint,
});

function start(run: LoadedRun, step: string, label: string, hint: string | null): Next {
  const spec = run.steps.get(step);
  // Practice is there to be broken: only elsewhere does a destructive step ask again.
  const confirm = spec?.risk === 'destructive' && run.state.created.range === null;
  const command: Command = { kind: 'start', step };
  return { label: confirm ? `${label}…` : label, does: { kind: 'send', command, confirm }, hint };
}

function whyItWaits(run: LoadedRun, step: string): string | null {
  if (run.decision.kind !== 'act') return null;
  const risk = run.steps.get(step)?.risk ?? 'safe';
  switch (run.decision.because) {
    case 'unreviewed':
      return 'Nobody has reviewed this command yet. Read it before you run it.';
    case 'interactive':
      return 'It runs in the terminal below.';
    case 'risk':
      return `Auto mode stops here: this step is ${riskWords[risk].name}.`;
    default:
      return null;
  }
}

function tasks(run: LoadedRun, step: string): Next {
  const ticks = run.state.steps.find(({ id }) => id === step)?.ticks ?? [];
  const ticked = ticks.filter((tick) => tick !== null).length;
  const label = run.steps.get(step)?.action?.kind === 'ask' ? 'Answer' : 'Mark done';
  return nothing(label, `${ticked} of ${ticks.length} ticked. Space ticks the next one.`);
}

function answering(run: LoadedRun, step: string, answer: Value | null): Next {
  if (answer === null) return nothing('Answer', 'Choose or type an answer.');
  const command: Command = { kind: 'answer', step, answer };
  const problem = refuse(run.state, run.runbook, command);
  if (problem !== null) return nothing('Answer', problem.next);
  return { label: 'Answer', does: { kind: 'send', command, confirm: false }, hint: null };
}

/** What the operator can do now with the step whose turn it is. */
export function nextOf(run: LoadedRun, driver: RunSummary['driver'], answer: Value | null): Next {
  const { handedOver } = run.state;
  if (handedOver !== null) {
    return nothing('Handed over', `${handedOver.to} goes on with it. Here it is read-only.`);
  }
  if (driver === 'nobody') {
    return { label: 'Resume', does: { kind: 'resume' }, hint: 'Nothing drives this run now.' };
  }
  if (driver === 'elsewhere') {
    return nothing('Driven elsewhere', 'Another window or the command line drives this run.');
  }
  const decision = run.decision;
  switch (decision.kind) {
    case 'act':
      if (decision.automatic)
        return nothing(decision.because === 'retry' ? 'Retrying' : 'Starting');
      return decision.because === 'retry'
        ? start(run, decision.step, 'Retry', null)
        : start(run, decision.step, 'Run', whyItWaits(run, decision.step));
    case 'running':
      return nothing('Running');
    case 'failed':
      return start(
        run,
        decision.step,
        'Retry',
        'Read what happened first. Retry runs the step again.',
      );
    case 'unknown':
      return {
        label: 'Resolve…',
        does: { kind: 'resolve' },
        hint: 'Look at the evidence, then say what the end was.',
      };
    case 'person':
      if (decision.needs === 'tasks') return tasks(run, decision.step);
      if (decision.needs === 'answer') return answering(run, decision.step, answer);
      if (decision.needs === 'approval') {
        return {
          label: 'Approve…',
          does: { kind: 'approve' },
          hint: 'A second person has to approve this step.',
        };
      }
      return {
        label: 'Mark done',
        does: { kind: 'send', command: { kind: 'confirm', step: decision.step }, confirm: false },
        hint: null,
      };
    case 'paused':
      return {
        label: 'Resume',
        does: { kind: 'send', command: { kind: 'resume', reason: null }, confirm: false },
        hint: run.state.paused?.reason ?? null,
      };
    case 'skip':
    case 'begin':
    case 'expand':
    case 'refuse':
    case 'close':
      return nothing('Going on');
    case 'finish':
    case 'ended':
      return nothing('Ending the run');
  }
}
