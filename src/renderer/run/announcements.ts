import type { EventBody, RunEvent } from '../../core/run/events.ts';
import { stepNamed } from '../../core/run/places.ts';
import { announce } from '../shell/announce.ts';
import type { LoadedRun } from './store.ts';

function looked(run: LoadedRun, step: string, attempt: number): boolean {
  return stepNamed(run.state, step)?.step.attempts[attempt - 1]?.outcome === 'not-yet';
}

function sentence(run: LoadedRun, body: EventBody): string | null {
  const title =
    'step' in body && body.step !== null ? (run.steps.get(body.step)?.title ?? body.step) : '';
  switch (body.kind) {
    case 'step.started':
      // Another look is no news.
      if (looked(run, body.step, body.attempt - 1)) return null;
      return `Started: ${title}.`;
    case 'step.ended':
      if (body.outcome === 'unknown')
        return `The end of "${title}" is unknown. Decide what it was.`;
      if (body.outcome === 'not-started') return `"${title}" had not started.`;
      if (body.outcome === 'not-yet') return null;
      return `${title}: ${body.outcome}.`;
    case 'step.skipped':
      return `Skipped: ${title}.`;
    case 'step.resolved':
      return `Resolved: ${title}.`;
    case 'run.declared':
      return 'Declared. The recovery clocks run.';
    case 'run.paused':
      return `Paused. ${body.reason}`;
    case 'run.resumed':
      return 'Resumed.';
    case 'undo.begun':
      return `Taking back ${body.outline.length === 1 ? 'a step' : `${body.outline.length} steps`}.`;
    case 'step.reopened':
      return `${title} has its turn again.`;
    case 'run.ended':
      return `The run ended: ${body.outcome}.`;
    default:
      return null;
  }
}

/** Says what changed, once. Of several changes at once only the last is worth hearing. */
export function announceEvents(run: LoadedRun, events: readonly RunEvent[]): void {
  const sentences = events.flatMap((event) => sentence(run, event.body) ?? []);
  const last = sentences.at(-1);
  if (last === undefined) return;
  const decision = run.decision;
  const waits = decision.kind === 'person' || (decision.kind === 'act' && !decision.automatic);
  const next = waits ? run.steps.get(decision.step)?.title : undefined;
  announce(next === undefined ? last : `${last} Next: ${next}.`);
}
