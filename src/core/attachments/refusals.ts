import type { Problem } from '../problem.ts';
import { formatBytes } from '../units.ts';
import { largestAttachment } from './attachment.ts';

/** Why a file of this size cannot be attached, or null when it can. */
export function refuseAttachment(name: string, bytes: number): Problem | null {
  if (bytes === 0) {
    return {
      code: 'attachment-empty',
      what: `${name} is empty.`,
      safe: 'Nothing was attached.',
      next: 'Choose a file that has something in it.',
    };
  }
  if (bytes <= largestAttachment) return null;
  return {
    code: 'attachment-too-large',
    what: `${name} has ${formatBytes(bytes)}; at most ${formatBytes(largestAttachment)} can be attached.`,
    safe: 'Nothing was attached.',
    next: 'Attach the part that matters, or put the file where it can stay and note the place.',
  };
}
