import type { BodyOf, RunEvent } from '../run/events.ts';
import { happeningWords, outcomeWords } from '../run/happenings.ts';
import type { RunState } from '../run/state.ts';
import { formatDateTime } from '../units.ts';

/** One line of a run's story. */
export interface TimelineLine {
  seq: number;
  /** When it happened: UTC, ISO 8601. For a declaration, the time that was declared. */
  time: string;
  text: string;
  by: string | null;
  tone: 'plain' | 'good' | 'bad' | 'mark';
}

/**
 * The events that matter, one line each. Ticks stand with their step and machine results with the
 * step's end, so neither has a line of its own; nor has a hand step's beginning, which nobody did.
 */
export function timelineOf(
  state: RunState,
  events: Iterable<RunEvent>,
  timeZone: string,
): TimelineLine[] {
  const lines: TimelineLine[] = [];
  const steps = new Map(state.steps.map((step) => [step.id, step]));
  const titleOf = (id: string): string => steps.get(id)?.title ?? id;
  let drives = 0;
  for (const { seq, time, body } of events) {
    const add = (text: string, by: string | null, tone: TimelineLine['tone'] = 'plain'): void => {
      lines.push({ seq, time, text, by, tone });
    };
    switch (body.kind) {
      case 'run.created':
        add(`Run created: ${body.title}`, body.operator, 'mark');
        break;
      case 'run.driven':
        drives += 1;
        if (drives > 1) add(`Run taken up again, ${places[body.surface]}`, body.by);
        break;
      case 'run.paced':
        add(body.auto ? `Auto mode, up to ${body.allow} steps` : 'Step mode', body.by);
        break;
      case 'run.declared':
        lines.push({
          seq,
          time: body.at,
          text: 'Declared: the recovery clocks start',
          by: body.by,
          tone: 'mark',
        });
        break;
      case 'step.started': {
        const does = steps.get(body.step)?.does;
        if (does !== 'shell' && does !== 'action') break;
        // Looks in vain are told with the step, not one by one.
        if (steps.get(body.step)?.attempts[body.attempt - 2]?.outcome === 'not-yet') break;
        const again = body.attempt > 1 ? `, attempt ${body.attempt}` : '';
        add(`Started: ${titleOf(body.step)}${again}`, body.by);
        break;
      }
      case 'step.ended':
        if (body.outcome !== 'not-yet')
          add(endOf(body, titleOf(body.step), timeZone), body.by, toneOf(body.outcome));
        break;
      case 'step.resolved':
        add(
          `${resolutions[body.as]}: ${titleOf(body.step)}. ${body.reason}`,
          body.by,
          body.as === 'succeeded' ? 'good' : body.as === 'failed' ? 'bad' : 'plain',
        );
        break;
      case 'step.skipped':
        add(`Skipped: ${titleOf(body.step)}. ${body.reason}`, body.by);
        break;
      case 'note.added':
        add(`Note${body.step === null ? '' : ` on ${titleOf(body.step)}`}: ${body.text}`, body.by);
        break;
      case 'run.ended':
        add(
          `Run ${body.outcome}${body.reason === null ? '' : `. ${body.reason}`}`,
          body.by,
          body.outcome === 'succeeded' ? 'good' : 'bad',
        );
        break;
      default: {
        const happening = happeningWords(body, titleOf);
        if (happening) add(happening.text, happening.by);
      }
    }
  }
  return lines;
}

function endOf(body: BodyOf<'step.ended'>, title: string, timeZone: string): string {
  const words = [`${outcomeWords[body.outcome]}: ${title}`];
  if (body.answer !== null) words.push(`Answer: ${body.answer}`);
  if (body.problem !== null && body.outcome !== 'succeeded') words.push(body.problem.what);
  if (body.proves.length > 0) words.push(`Proves ${body.proves.join(', ')}`);
  if (body.recoveryPoint !== null) {
    words.push(`Recovery point ${formatDateTime(body.recoveryPoint, timeZone)}`);
  }
  return words.join('. ');
}

function toneOf(outcome: BodyOf<'step.ended'>['outcome']): TimelineLine['tone'] {
  if (outcome === 'succeeded') return 'good';
  return outcome === 'failed' || outcome === 'unknown' || outcome === 'cancelled' ? 'bad' : 'plain';
}

const resolutions: Record<BodyOf<'step.resolved'>['as'], string> = {
  succeeded: 'Resolved as done',
  failed: 'Resolved as failed',
  retry: 'To be tried again',
};

const places: Record<BodyOf<'run.driven'>['surface'], string> = {
  app: 'in the app',
  cli: 'on the command line',
};
