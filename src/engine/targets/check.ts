import type { TargetCheck } from '../../core/targets/check.ts';
import { identityKey, mismatchProblem } from '../../core/targets/identity.ts';
import { type Targets, unknownTarget } from '../../store/targets.ts';
import { type IdentityProbes, seeTarget } from './identity.ts';

/**
 * Asks every part of a target who it is and compares. What was never pinned is pinned; what differs
 * is pinned only when a person accepts it. Throws MusterError when there is no such target.
 */
export async function checkTarget(
  targets: Targets,
  name: string,
  probes: IdentityProbes,
  options: { accept: boolean; by: string },
): Promise<TargetCheck> {
  const kept = targets.get(name);
  if (!kept) throw unknownTarget(name);
  const { seen, failed, comparison } = await seeTarget(kept.target, kept.pins, probes);
  const toPin = new Set(
    comparison.parts
      .filter(
        ({ verdict }) => verdict === 'first-use' || (options.accept && verdict === 'mismatch'),
      )
      .map(({ key }) => key),
  );
  const parts = seen.filter((part) => toPin.has(identityKey(part)));
  if (options.accept) targets.accept(name, parts, options.by);
  else for (const part of parts) targets.pinFirst(name, part, options.by);
  return {
    verdict: comparison.verdict,
    parts: comparison.parts.map((part) => ({ ...part, pinnedNow: toPin.has(part.key) })),
    failed,
    problem: options.accept ? null : mismatchProblem(name, comparison),
  };
}
