import type { Runbook } from '../runbook/model.ts';
import { agenda, type Decision } from './agenda.ts';
import type { RunState } from './state.ts';

/**
 * The one obvious thing that comes next: what waits for a person before what goes on by itself, and
 * there what holds the run before what could begin.
 */
export function decide(state: RunState, runbook: Runbook): Decision {
  return foremost(agenda(state, runbook));
}

/** Of all that may happen next, the one to show. `decisions` is never empty. */
export function foremost(decisions: readonly Decision[]): Decision {
  let best: Decision = { kind: 'ended', because: 'ended' };
  let rank = Number.POSITIVE_INFINITY;
  for (const decision of decisions) {
    const own = rankOf(decision);
    if (own < rank) [best, rank] = [decision, own];
  }
  return best;
}

function rankOf(decision: Decision): number {
  switch (decision.kind) {
    case 'paused':
      return 0;
    case 'unknown':
      return 1;
    case 'failed':
      return 2;
    case 'person':
      return 3;
    case 'act':
      return decision.automatic ? 5 : 3;
    case 'running':
      return 4;
    default:
      return 6;
  }
}
