import { heldMark } from '../core/ledger/redact.ts';
import { formatBytes } from '../core/units.ts';
import type { OutputChunk } from '../engine/api.ts';

/**
 * What of each chunk of a run's output is still to be printed. A terminal takes nothing back, so
 * what stands ahead is printed at once and the next chunk of its stream without it.
 */
export function createOutputText(): (chunk: OutputChunk) => string {
  let end = { attempt: '', at: 0 };
  let printed: Partial<Record<OutputChunk['stream'], string>> = {};
  return ({ step, attempt, stream, at, bytes, text, ahead }) => {
    const of = `${step} ${attempt}`;
    const missed = of === end.attempt ? at - end.at : 0;
    if (of !== end.attempt || missed > 0) printed = {};
    end = { attempt: of, at: at + bytes };
    const whole = text + (ahead === heldMark ? '' : ahead);
    const before = printed[stream] ?? '';
    const notice = missed > 0 ? `\n[${formatBytes(missed)} are not shown here]\n` : '';
    // Less than what is printed already: the rest of that is still to be decided.
    if (before.startsWith(whole)) {
      printed[stream] = before.slice(text.length);
      return notice;
    }
    printed[stream] = whole.slice(text.length);
    return notice + (whole.startsWith(before) ? whole.slice(before.length) : whole);
  };
}
