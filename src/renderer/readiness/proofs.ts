import type { Verdict } from '../../core/run/objectives.ts';
import type { RunSummary } from '../../shared/ipc.ts';

/** The state of one component's recovery, as far as runs prove it. */
export interface Proof {
  component: string;
  runbook: string;
  rtoPromisedMs: number | null;
  rtoMs: number | null;
  rpoPromisedMs: number | null;
  rpoMs: number | null;
  verdict: Verdict;
  /** The run that proved it last, or null when none did. */
  run: string | null;
  at: string | null;
}

/**
 * One line for each component of each runbook that was run: the last run that proved it, or that it
 * never was. Computed from the list of runs alone, so it claims nothing about runbooks never run.
 */
export function proofsOf(runs: readonly RunSummary[]): Proof[] {
  const proofs = new Map<string, Proof>();
  for (const run of runs.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))) {
    if (run.endedAt === null || run.mode === 'rehearsal') continue;
    for (const { verdict, component, ...measured } of run.measures) {
      const key = `${run.title} ${component}`;
      const proven = verdict !== 'unproven';
      if (!proven && proofs.has(key)) continue;
      proofs.set(key, {
        component,
        runbook: run.title,
        ...measured,
        // What an unfinished recovery measured proves nothing.
        rtoMs: proven ? measured.rtoMs : null,
        rpoMs: proven ? measured.rpoMs : null,
        verdict,
        run: proven ? run.id : null,
        at: proven ? run.endedAt : null,
      });
    }
  }
  const urgency: Record<Verdict, number> = { missed: 0, unproven: 1, met: 2 };
  return [...proofs.values()].toSorted(
    (a, b) => urgency[a.verdict] - urgency[b.verdict] || (a.at ?? '').localeCompare(b.at ?? ''),
  );
}
