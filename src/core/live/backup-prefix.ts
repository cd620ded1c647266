import { resolveReferences } from '../actions/references.ts';
import { type ObjectPlace, parseObjectUri } from '../objects/uri.ts';
import { everyStep } from '../run/specs.ts';
import type { RunState } from '../run/state.ts';
import { variablesOf } from '../run/values.ts';
import type { Runbook, StructuredAction } from '../runbook/model.ts';

/** The keys of an `s3` fence that name a place, those that name a prefix of backups first. */
const prefixes = ['latest', 'prune', 'list'] as const;
const objects = ['download', 'verify', 'head', 'to', 'copy'] as const;

/**
 * Where the backups are that a run is about: the prefix that its `s3` steps on this role choose
 * from, else the one that their objects stand under. Null where no step names one, or none whose
 * values are known by now.
 */
export function backupPrefix(runbook: Runbook, state: RunState, role: string): ObjectPlace | null {
  const main = state.created.targets?.[0]?.role;
  const specs = everyStep(runbook).flatMap(({ id, action }) =>
    action?.kind === 'structured' && action.language === 's3' && (action.role ?? main) === role
      ? [{ id, spec: action.spec }]
      : [],
  );
  for (const key of [...prefixes, ...objects]) {
    for (const { id, spec } of specs) {
      const place = placeIn(spec, key, variablesOf(state, id));
      if (place === null) continue;
      const isPrefix = prefixes.some((one) => one === key) || place.key.endsWith('/');
      return isPrefix
        ? place
        : { ...place, key: place.key.slice(0, place.key.lastIndexOf('/') + 1) };
    }
  }
  return null;
}

function placeIn(
  spec: StructuredAction['spec'],
  key: string,
  values: Parameters<typeof resolveReferences>[1],
): ObjectPlace | null {
  // Only a text is a place of this target: a copy may name another one.
  const text = Object.hasOwn(spec, key) ? spec[key] : undefined;
  if (typeof text !== 'string') return null;
  const resolved = resolveReferences(text, values);
  return resolved.ok ? parseObjectUri(String(resolved.value)) : null;
}
