import type { Step } from './model.ts';

/** How a step is reversed, in words: the title of another step, or what Muster does by itself. */
export function undoOf(step: Step, titleOf: (id: string) => string | undefined): string {
  switch (step.undo?.how) {
    case undefined:
      return 'none';
    case 'step':
      return titleOf(step.undo.step) ?? step.undo.step;
    case 'commands':
      return step.undo.code;
    case 'auto':
      return 'by Muster';
  }
}
