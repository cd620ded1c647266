import type { RunEvent } from './events.ts';

/** A stretch in which nothing new began. */
export interface Pause {
  from: string;
  /** Null while it lasts. */
  to: string | null;
  reason: string;
  by: string;
}

/** The pauses of a run. They are shown beside measured times and never subtracted from them. */
export function pausesOf(events: Iterable<RunEvent>): Pause[] {
  const pauses: Pause[] = [];
  let open: Pause | null = null;
  for (const { time, body } of events) {
    if (body.kind === 'run.paused') {
      open = { from: time, to: null, reason: body.reason, by: body.by };
      pauses.push(open);
    }
    // An undo ends a pause, as the end of the run does.
    if (['run.resumed', 'undo.begun', 'run.ended'].includes(body.kind) && open !== null) {
      open.to = time;
      open = null;
    }
  }
  return pauses;
}
