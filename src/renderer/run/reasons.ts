import type { Command } from '../../core/run/commands.ts';
import type { StepState } from '../../core/run/state.ts';

export type Asking = 'skip' | 'fail' | 'note' | 'undo' | 'reopen' | 'pause' | 'resume';

const askings: readonly string[] = [
  'skip',
  'fail',
  'note',
  'undo',
  'reopen',
  'pause',
  'resume',
] satisfies Asking[];

export function isReason(asking: string | null): asking is Asking {
  return asking !== null && askings.includes(asking);
}

export interface Reason {
  title: string;
  help: string;
  label: string;
  submit: string;
  /** Sent without a word, too. */
  optional?: boolean;
  command: (text: string) => Command;
}

/** The words of each dialog that asks for a sentence. `undo`: what takes the step back, in words. */
export function reasonsFor(asking: Asking, step: StepState, undo: string): Reason {
  const id = step.id;
  switch (asking) {
    case 'skip':
      return {
        title: `Skip "${step.title}"`,
        help: 'Nothing of this step runs. It can get its turn again later.',
        label: 'Why is it skipped?',
        submit: 'Skip the step',
        command: (reason) => ({ kind: 'skip', step: id, reason }),
      };
    case 'fail':
      return {
        title: `"${step.title}" failed`,
        help: 'The run holds here until the step is retried or skipped, or the run is aborted.',
        label: 'What went wrong?',
        submit: 'Record the failure',
        command: (reason) => ({ kind: 'fail', step: id, reason }),
      };
    case 'note':
      return {
        title: 'Add a note',
        help: `It is kept in the record with this moment and your name, beside "${step.title}".`,
        label: 'Note',
        submit: 'Add the note',
        command: (text) => ({ kind: 'note', step: id, text }),
      };
    case 'undo':
      return {
        title: `Take back "${step.title}"`,
        help: `What does it: ${undo}. It comes next, auto mode stops, and then this step has its turn again.`,
        label: 'Why is it taken back?',
        submit: 'Take it back',
        command: (reason) => ({ kind: 'undo', step: id, reason }),
      };
    case 'reopen':
      return step.status === 'skipped'
        ? {
            title: `Give "${step.title}" its turn again`,
            help: 'It has its turn at its place, before what comes later. What was done stays done.',
            label: 'Why is it to be done after all?',
            submit: 'Give it its turn',
            command: (reason) => ({ kind: 'reopen', step: id, reason }),
          }
        : {
            title: `Do "${step.title}" again`,
            help: 'It has its turn again. What it did before is not taken back, and stays on record.',
            label: 'Why is it to be done again?',
            submit: 'Do it again',
            command: (reason) => ({ kind: 'reopen', step: id, reason }),
          };
    case 'pause':
      return {
        title: 'Pause the run',
        help: 'Nothing new begins until somebody resumes it. What runs goes on, and so do the recovery clocks.',
        label: 'Why is it paused?',
        submit: 'Pause the run',
        command: (reason) => ({ kind: 'pause', reason }),
      };
    case 'resume':
      return {
        title: 'Resume the run',
        help: 'It goes on where it is, at the pace that is set.',
        label: 'Why does it go on? (optional)',
        submit: 'Resume the run',
        optional: true,
        command: (reason) => ({ kind: 'resume', reason: reason === '' ? null : reason }),
      };
  }
}
