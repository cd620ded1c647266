import type { EventBody } from '../../core/run/events.ts';
import { happeningWords, outcomeWords } from '../../core/run/happenings.ts';
import { formatBytes, formatDuration } from '../../core/units.ts';
import type { LoadedRun } from '../run/store.ts';

type Words = { what: string; by: string };

/** An event of the ledger in the operator's words. */
export function eventWords(run: LoadedRun, body: EventBody): Words {
  const by = 'by' in body ? body.by : 'muster';
  const title =
    'step' in body && body.step !== null ? (run.steps.get(body.step)?.title ?? body.step) : '';
  const again = 'attempt' in body && body.attempt > 1 ? `, attempt ${body.attempt}` : '';
  switch (body.kind) {
    case 'run.created':
      return { what: `Run created: ${body.title} (${body.mode})`, by: body.operator };
    case 'run.driven':
      return { what: `Taken up by the ${body.surface === 'app' ? 'app' : 'command line'}`, by };
    case 'run.paced':
      return { what: body.auto ? `Auto mode up to ${body.allow}` : 'Step by step', by };
    case 'run.declared':
      return { what: 'Declared: the recovery clocks start', by };
    case 'step.started':
      return { what: `Started: ${title}${again}`, by };
    case 'step.acted': {
      const { result } = body;
      if (result.rehearsed || result.summary !== undefined || result.verdict !== undefined) {
        const verdict = result.verdict === undefined ? '' : `${result.verdict}, `;
        const summary = result.summary ?? result.outcome;
        const does = result.rehearsed ? 'Would do' : 'Did';
        return { what: `${does}: ${title}${again}, ${verdict}${summary}`, by };
      }
      const code = result.exitCode === null ? result.outcome : `exit code ${result.exitCode}`;
      const bytes = formatBytes(result.output.bytes);
      const { leftOut } = result.output;
      const more = leftOut ? ` kept, ${formatBytes(leftOut.bytes)} left out` : '';
      const took = formatDuration(result.durationMs);
      return {
        what: `Command ended: ${title}${again}, ${code} in ${took}, ${bytes} of output${more}`,
        by,
      };
    }
    case 'step.ended': {
      const proves = body.proves.length > 0 ? `; proves ${body.proves.join(', ')}` : '';
      const answer = body.answer === null ? '' : `; answer: ${String(body.answer)}`;
      return { what: `${outcomeWords[body.outcome]}: ${title}${again}${answer}${proves}`, by };
    }
    case 'step.resolved':
      return { what: `Resolved as ${body.as}: ${title}. ${body.reason}`, by };
    case 'step.skipped':
      return { what: `Skipped: ${title}. ${body.reason}`, by };
    case 'task.ticked':
      return { what: `${body.done ? 'Ticked' : 'Unticked'} task ${body.task + 1}: ${title}`, by };
    case 'note.added':
      return { what: `Note${title === '' ? '' : ` on ${title}`}: ${body.text}`, by };
    case 'run.ended':
      return {
        what: `Run ended: ${body.outcome}${body.reason === null ? '' : `. ${body.reason}`}`,
        by,
      };
    default: {
      const happening = happeningWords(body, (step) => run.steps.get(step)?.title ?? step);
      return { what: happening?.text ?? body.kind, by: happening?.by ?? by };
    }
  }
}
