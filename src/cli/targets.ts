import type { TargetCheck } from '../core/targets/check.ts';
import { identityKey, identityWords, partName } from '../core/targets/identity.ts';
import type { KeptTarget } from '../core/targets/roles.ts';
import { placesOf } from '../core/targets/snapshot.ts';
import { formatDateTime } from '../core/units.ts';
import { checkTarget } from '../engine/targets/check.ts';
import type { Store } from '../store/open.ts';
import { unknownTarget } from '../store/targets.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { identityProbes } from './probes.ts';
import { type TargetOptions, targetFrom } from './target-options.ts';
import { describeProblem, zone } from './words.ts';
import { openWorkplace, operatorName } from './workplace.ts';

/** `muster targets list`. */
export function listTargets(options: { json?: true }): Promise<ExitCode> {
  return withStore(async ({ targets }) => {
    const all = targets.list();
    if (options.json) {
      print(JSON.stringify(all, null, 2));
    } else if (all.length === 0) {
      print('There is no target. Add one with: muster targets add NAME --context CONTEXT');
    }
    for (const { target, pins } of options.json ? [] : all) {
      const proven = pins.length === 0 ? 'nothing pinned' : `${pins.length} pinned`;
      print(`${target.name}  ${target.care}  ${target.colour}  ${proven}`);
      for (const place of placesOf(target)) print(`  ${place}`);
    }
    return exitCodes.ok;
  });
}

/** `muster targets show NAME`. */
export function showTarget(name: string, options: { json?: true }): Promise<ExitCode> {
  return withStore(async (store) => {
    const kept = keptTarget(store, name);
    if (options.json) {
      print(JSON.stringify(kept, null, 2));
      return exitCodes.ok;
    }
    const { target, pins } = kept;
    print(`${target.name}: care ${target.care}, ${target.colour}`);
    if (target.namespace !== null) print(`namespace ${target.namespace}`);
    for (const place of placesOf(target)) print(place);
    for (const { part, pinnedAt, pinnedBy } of pins) {
      const when = formatDateTime(pinnedAt, zone);
      print(
        `${partName(identityKey(part))} is ${identityWords(part)}, pinned ${when} by ${pinnedBy}`,
      );
    }
    return exitCodes.ok;
  });
}

/** `muster targets add NAME`. */
export function addTarget(name: string, options: TargetOptions): Promise<ExitCode> {
  return withStore(async ({ targets }) => {
    targets.add(targetFrom(name, options, null));
    print(`Added ${name}. Prove it with: muster targets check ${name}`);
    return exitCodes.ok;
  });
}

/** `muster targets edit NAME`. */
export function editTarget(name: string, options: TargetOptions): Promise<ExitCode> {
  return withStore(async (store) => {
    const { target } = keptTarget(store, name);
    store.targets.change(targetFrom(name, options, target));
    print(`Changed ${name}. What is pinned stays pinned.`);
    return exitCodes.ok;
  });
}

/** `muster targets remove NAME`. */
export function removeTarget(name: string): Promise<ExitCode> {
  return withStore(async ({ targets }) => {
    targets.remove(name);
    print(`Removed ${name}. Runs that were bound to it keep their record.`);
    return exitCodes.ok;
  });
}

/** `muster targets check NAME`: exit code 1 where anything mismatches or gives no answer. */
export function checkTargetNow(
  name: string,
  options: { accept?: true; json?: true },
): Promise<ExitCode> {
  return withStore(async (store) => {
    const choice = { accept: options.accept === true, by: operatorName() };
    const check = await checkTarget(store.targets, name, identityProbes(store), choice);
    const { parts, failed, problem } = check;
    if (options.json) {
      print(JSON.stringify(check, null, 2));
    } else {
      for (const part of parts) print(`${partName(part.key)}: ${words(part)}`);
      for (const { key, problem: why } of failed) print(`${partName(key)}: no answer. ${why.what}`);
      if (parts.length + failed.length === 0) print(`${name} has no part that could be asked.`);
      if (problem) process.stderr.write(`${describeProblem(problem)}\n`);
    }
    return problem || failed.length > 0 ? exitCodes.failed : exitCodes.ok;
  });
}

function words({ verdict, pinned, seen, pinnedNow }: TargetCheck['parts'][number]): string {
  if (verdict === 'match') return `is the one that is pinned, ${seen}`;
  if (verdict === 'first-use') return `${seen}, pinned now`;
  return pinnedNow
    ? `${seen}, accepted in place of ${pinned}`
    : `${seen} answers, ${pinned} is pinned`;
}

function keptTarget(store: Store, name: string): KeptTarget {
  const kept = store.targets.get(name);
  if (!kept) throw unknownTarget(name);
  return kept;
}

async function withStore(work: (store: Store) => Promise<ExitCode>): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
