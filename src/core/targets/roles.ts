import type { Problem } from '../problem.ts';
import { compareIdentity, mismatchProblem, type Pin } from './identity.ts';
import { snapshotOf, type TargetSnapshot } from './snapshot.ts';
import type { Target } from './target.ts';

/** What a run holds from its start: each role of its runbook and the target that plays it. */
export type Bindings = Readonly<Record<string, TargetSnapshot>>;

/** A target as it is kept, with the identities that are pinned to it. */
export interface KeptTarget {
  target: Target;
  pins: Pin[];
}

type Bound = { ok: true; bindings: Bindings } | { ok: false; problem: Problem };

const unbound = 'The run has not begun; nothing was sent anywhere.';

/**
 * Binds the roles that a runbook names (`primary`, `recovery`) to targets, by the operator's
 * choice: the name of a target for each role. A target plays one role at most, because a failover
 * from a system to itself destroys both.
 */
export function bindRoles(
  roles: readonly string[],
  choice: Readonly<Record<string, string>>,
  targets: readonly KeptTarget[],
): Bound {
  const refused = (code: string, what: string, next: string): Bound => ({
    ok: false,
    problem: { code, what, safe: unbound, next },
  });
  const surplus = Object.keys(choice).find((role) => !roles.includes(role));
  if (surplus !== undefined) {
    const known = roles.length > 0 ? `It has: ${roles.join(', ')}.` : 'It has none.';
    return refused('role-unknown', `The runbook has no target role "${surplus}".`, known);
  }
  const bindings: Record<string, TargetSnapshot> = {};
  const players = new Map<string, string>();
  for (const role of roles) {
    const name = Object.hasOwn(choice, role) ? choice[role] : undefined;
    if (name === undefined) {
      return refused(
        'target-missing',
        `The runbook needs a target as "${role}", and none was chosen.`,
        `Choose a target for "${role}".`,
      );
    }
    const kept = targets.find(({ target }) => target.name === name);
    if (!kept) {
      return refused(
        'target-unknown',
        `There is no target "${name}".`,
        'See "muster targets list", or add it with "muster targets add".',
      );
    }
    const other = players.get(name);
    if (other !== undefined) {
      return refused(
        'target-twice',
        `The target "${name}" was chosen as "${other}" and as "${role}".`,
        'Choose a target of its own for each role.',
      );
    }
    players.set(name, role);
    bindings[role] = snapshotOf(kept.target, kept.pins);
  }
  return { ok: true, bindings };
}

/**
 * Why a run that was bound may not go on with the targets as they are now, or null when each still
 * is what the run was bound to. A colour or more care may change under a run; where it leads, whose
 * identity it has, and less care may not.
 */
export function boundElsewhere(bound: Bindings, targets: readonly KeptTarget[]): Problem | null {
  for (const [role, before] of Object.entries(bound)) {
    const kept = targets.find(({ target }) => target.name === before.name);
    if (!kept) {
      return changed(role, before.name, 'was removed', `Add "${before.name}" again as it was`);
    }
    const now = snapshotOf(kept.target, kept.pins);
    if (now.places.join('\n') !== before.places.join('\n') || now.namespace !== before.namespace) {
      return changed(role, before.name, 'leads to another place now', 'Set it back');
    }
    if (ranks[now.care] < ranks[before.care]) {
      return changed(role, before.name, 'is treated with less care now', 'Set its care back');
    }
    const mismatch = mismatchProblem(before.name, compareIdentity(before.pinned, now.pinned));
    if (mismatch) return mismatch;
  }
  return null;
}

const ranks = { practice: 0, standard: 1, critical: 2 } as const;

function changed(role: string, name: string, how: string, remedy: string): Problem {
  return {
    code: 'target-changed',
    what: `The target "${name}", bound to this run as "${role}", ${how}.`,
    safe: 'The run stays as it is; nothing was sent.',
    next: `${remedy} and resume the run, or start a new one.`,
  };
}
