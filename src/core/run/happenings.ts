import { asSentence, formatBytes, formatDuration } from '../units.ts';
import type { EventBody } from './events.ts';

/** Events of a run as a whole, and of its flow, in one sentence; null for those of single attempts. */
export function happeningWords(
  body: EventBody,
  titleOf: (step: string) => string,
): { text: string; by: string } | null {
  switch (body.kind) {
    case 'step.expanded': {
      const count = body.items.length === 1 ? '1 item' : `${body.items.length} items`;
      return { text: `Begun for ${count}: ${titleOf(body.step)}`, by: body.by };
    }
    case 'step.approved': {
      const how = body.method === 'pin' ? 'with their PIN' : 'with a signed file';
      return { text: `Approved ${how}: ${titleOf(body.step)}`, by: body.approver };
    }
    case 'step.reopened':
      return { text: `To be done again: ${titleOf(body.step)}. ${body.reason}`, by: body.by };
    case 'attachment.added': {
      const { name, bytes } = body.attachment;
      const on = body.step === null ? '' : ` on ${titleOf(body.step)}`;
      return { text: `Attached${on}: ${name}, ${formatBytes(bytes)}`, by: body.by };
    }
    case 'run.paused':
      return { text: `Paused. ${asSentence(body.reason)}`, by: body.by };
    case 'run.resumed':
      return { text: `Resumed${body.reason === null ? '' : `. ${body.reason}`}`, by: body.by };
    case 'undo.begun': {
      const { length } = body.outline;
      const count = length === 1 ? '1 step' : `${length} steps`;
      return { text: `Taking back ${count}. ${asSentence(body.reason)}`, by: body.by };
    }
    case 'clock.jumped': {
      const way = body.ms > 0 ? 'forward' : 'back';
      return {
        text: `The clock of this machine was set ${way} by ${formatDuration(Math.abs(body.ms))}`,
        by: 'muster',
      };
    }
    case 'machine.slept':
      return { text: `The machine slept for ${formatDuration(body.ms)}`, by: 'muster' };
    case 'run.handed-over':
      return { text: `Handed over to ${body.to}. ${body.reason}`, by: body.by };
    case 'run.taken-over':
      return { text: `Taken over from ${body.from.operator} on ${body.from.host}`, by: body.by };
    default:
      return null;
  }
}

/** How an attempt ended, at the beginning of a sentence. */
export const outcomeWords = {
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  unknown: 'End unknown',
  'not-started': 'Did not start',
  interrupted: 'Ended with Muster, to be done again',
  'not-yet': 'Not yet',
} as const;
