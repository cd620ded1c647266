import type { Decision } from '../../core/run/agenda.ts';
import { demandOf, guardedTarget } from '../../core/run/care.ts';
import type { Command } from '../../core/run/commands.ts';
import type { Value } from '../../core/run/events.ts';
import { refuse } from '../../core/run/refuse.ts';
import { isMachine } from '../../core/run/specs.ts';
import type { StepState } from '../../core/run/state.ts';
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

type Turn<K extends Decision['kind']> = Extract<Decision, { kind: K }>;

const nothing = (label: string, hint: string | null = null): Next => ({
  label,
  does: { kind: 'nothing' },
  hint,
});

/** Sends the step on its way; what the care of its target demands is asked first. */
function start(run: LoadedRun, step: StepState, label: string, hint: string | null): Next {
  const demand = isMachine(step.does)
    ? demandOf(run.state, run.steps.get(step.id) ?? null, step.risk)
    : 'run';
  const command: Command = { kind: 'start', step: step.id };
  return {
    label: demand === 'run' ? label : `${label}…`,
    does: { kind: 'send', command, confirm: demand !== 'run' },
    hint,
  };
}

function whyItWaits(run: LoadedRun, turn: Turn<'act'>, step: StepState): string | null {
  if (run.state.mode === 'rehearsal') return 'Nothing changes: it only says what it would do.';
  switch (turn.because) {
    case 'unreviewed':
      return 'Nobody has reviewed this command yet. Read it before you run it.';
    case 'interactive':
      return 'It runs in the terminal below.';
    case 'risk': {
      const name = guardedTarget(run.state, run.steps.get(step.id) ?? null, step.risk);
      const where = name === null ? '' : ` and ${name} is critical`;
      return `Auto mode stops here: this step is ${riskWords[step.risk].name}${where}.`;
    }
    default:
      return null;
  }
}

function tasks({ ticks, does }: StepState): Next {
  const ticked = ticks.filter((tick) => tick !== null).length;
  const label = does === 'ask' ? 'Answer' : 'Mark done';
  return nothing(label, `${ticked} of ${ticks.length} ticked. Space ticks the next one.`);
}

function answering(run: LoadedRun, step: string, answer: Value | null): Next {
  if (answer === null) return nothing('Answer', 'Choose or type an answer.');
  const command: Command = { kind: 'answer', step, answer };
  const problem = refuse(run.state, run.runbook, command);
  if (problem !== null) return nothing('Answer', problem.next);
  return { label: 'Answer', does: { kind: 'send', command, confirm: false }, hint: null };
}

/**
 * What the operator can do now with the step on the screen; null when it is not its turn. While
 * nobody drives the run here, or it is paused, that comes first.
 */
export function nextOf(
  run: LoadedRun,
  driver: RunSummary['driver'],
  answer: Value | null,
  step: StepState,
): Next | null {
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
  const turn = run.turns.get(step.id);
  if (turn !== undefined) return ofTurn(run, turn, answer, step);
  if (run.focus !== step.id) return null;
  if (run.state.paused === null) return nothing('Ending the run');
  return {
    label: 'Resume',
    does: { kind: 'send', command: { kind: 'resume', reason: null }, confirm: false },
    hint: 'Nothing begins while the run is paused.',
  };
}

function ofTurn(
  run: LoadedRun,
  turn: Decision,
  answer: Value | null,
  step: StepState,
): Next | null {
  switch (turn.kind) {
    case 'act':
      if (turn.because === 'look') return nothing('Looking', 'It looks again by itself.');
      if (turn.automatic) return nothing(turn.because === 'retry' ? 'Retrying' : 'Starting');
      return turn.because === 'retry'
        ? start(run, step, 'Retry', null)
        : start(run, step, 'Run', whyItWaits(run, turn, step));
    case 'running':
      return nothing('Running');
    case 'failed':
      return start(run, step, 'Retry', 'Read what happened first. Retry runs the step again.');
    case 'unknown':
      return {
        label: 'Resolve…',
        does: { kind: 'resolve' },
        hint: 'Look at the evidence, then say what the end was.',
      };
    case 'person':
      return ofPerson(run, turn, answer, step);
    case 'skip':
    case 'begin':
    case 'expand':
    case 'refuse':
    case 'close':
      return nothing('Going on');
    case 'paused':
    case 'finish':
    case 'ended':
      return null;
  }
}

function ofPerson(
  run: LoadedRun,
  turn: Turn<'person'>,
  answer: Value | null,
  step: StepState,
): Next {
  switch (turn.needs) {
    case 'tasks':
      return tasks(step);
    case 'answer':
      return answering(run, step.id, answer);
    case 'approval':
      return {
        label: 'Approve…',
        does: { kind: 'approve' },
        hint: 'A second person has to approve this step.',
      };
    case 'confirm':
      return {
        label: 'Mark done',
        does: { kind: 'send', command: { kind: 'confirm', step: step.id }, confirm: false },
        hint: null,
      };
  }
}
