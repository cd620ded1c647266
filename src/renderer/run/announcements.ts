import type { EventBody, RunEvent } from '../../core/run/events.ts';
import { announce } from '../shell/announce.ts';
import type { LoadedRun } from './store.ts';

function sentence(run: LoadedRun, body: EventBody): string | null {
  const title =
    'step' in body && body.step !== null ? (run.steps.get(body.step)?.title ?? body.step) : '';
  switch (body.kind) {
    case 'step.started':
      return `Started: ${title}.`;
    case 'step.ended':
      if (body.outcome === 'unknown')
        return `The end of "${title}" is unknown. Decide what it was.`;
      if (body.outcome === 'not-started') return `"${title}" had not started.`;
      return `${title}: ${body.outcome}.`;
    case 'step.skipped':
      return `Skipped: ${title}.`;
    case 'step.resolved':
      return `Resolved: ${title}.`;
    case 'run.declared':
      return 'Declared. The recovery clocks run.';
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
