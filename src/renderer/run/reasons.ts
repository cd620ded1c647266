import type { Command } from '../../core/run/commands.ts';
import type { StepState } from '../../core/run/state.ts';

export type Asking = 'skip' | 'fail' | 'note' | 'abort';

const askings: readonly string[] = ['skip', 'fail', 'note', 'abort'] satisfies Asking[];

export function isReason(asking: string | null): asking is Asking {
  return asking !== null && askings.includes(asking);
}

export interface Reason {
  title: string;
  help: string;
  label: string;
  submit: string;
  danger: boolean;
  command: (text: string) => Command;
}

/** The words of each dialog that asks for a sentence. */
export function reasonsFor(asking: Asking, step: StepState): Reason {
  const id = step.id;
  switch (asking) {
    case 'skip':
      return {
        title: `Skip "${step.title}"`,
        help: 'Nothing of this step runs. It can get its turn again later.',
        label: 'Why is it skipped?',
        submit: 'Skip the step',
        danger: false,
        command: (reason) => ({ kind: 'skip', step: id, reason }),
      };
    case 'fail':
      return {
        title: `"${step.title}" failed`,
        help: 'The run holds here until the step is retried or skipped, or the run is aborted.',
        label: 'What went wrong?',
        submit: 'Record the failure',
        danger: false,
        command: (reason) => ({ kind: 'fail', step: id, reason }),
      };
    case 'note':
      return {
        title: 'Add a note',
        help: `It is kept in the record with this moment and your name, beside "${step.title}".`,
        label: 'Note',
        submit: 'Add the note',
        danger: false,
        command: (text) => ({ kind: 'note', step: id, text }),
      };
    case 'abort':
      return {
        title: 'Abort the run',
        help: 'What runs now is ended. What was done stays done, and nothing is undone by itself. The run cannot be taken up again.',
        label: 'Why is it aborted?',
        submit: 'Abort the run',
        danger: true,
        command: (reason) => ({ kind: 'abort', reason, undo: false }),
      };
  }
}
