import { titleOf } from '../../core/library/title.ts';
import { addFolder, chooseFile, useLibrary } from '../library/store.ts';
import { currentRun } from '../run/current.ts';
import { useRuns } from '../run/store.ts';
import { change } from '../shell/app.ts';
import { boundKeys } from '../shell/keys.ts';
import { go, useNavigation } from '../shell/navigation.ts';
import { openTargets } from '../targets/store.ts';
import { openTerminal } from '../terminal/store.ts';
import { openVault } from '../vault/store.ts';

export interface Entry {
  id: string;
  group: string;
  name: string;
  keys: string | null;
  run: () => void;
}

const themes = [
  ['system', 'Theme: as the system'],
  ['light', 'Theme: light'],
  ['dark', 'Theme: dark'],
  ['contrast', 'Theme: high contrast'],
] as const;

function actions(): Entry[] {
  const bound = boundKeys().flatMap(({ group, bindings }) =>
    bindings
      .filter(({ keys }) => keys !== 'mod+k')
      .map(({ keys, name, run }) => ({ id: `key ${group} ${name}`, group, name, keys, run })),
  );
  const names = new Set<string>();
  return bound.filter(({ id }) => !names.has(id) && names.add(id));
}

/** All that has a name now. Read once, when the palette opens. */
export function entriesNow(): Entry[] {
  const runs = useRuns.getState();
  const place = useNavigation.getState().place;
  const run = currentRun(runs, place);
  const plain = (group: string, name: string, act: () => void): Entry => ({
    id: `${group} ${name}`,
    group,
    name,
    keys: null,
    run: act,
  });
  return [
    ...actions(),
    plain('Everywhere', 'Add a folder to the library', addFolder),
    plain('Everywhere', 'Open a file', chooseFile),
    plain('Everywhere', 'Targets', openTargets),
    plain('Everywhere', 'Vault', openVault),
    plain('Everywhere', 'New terminal', () => openTerminal(run?.id ?? null)),
    ...themes.map(([theme, name]) => plain('Everywhere', name, () => change({ theme }))),
    ...(useLibrary.getState().groups ?? []).flatMap((group) =>
      group.entries.map((entry) => ({
        ...plain('Runbooks', titleOf(entry), () => go('library', entry.path)),
        id: `runbook ${group.source} ${entry.path}`,
      })),
    ),
    ...(runs.list ?? []).map((one) => ({
      ...plain('Runs', `${one.title} (${one.outcome ?? 'not ended'})`, () =>
        go(one.endedAt === null ? 'run' : 'record', one.id),
      ),
      id: `run ${one.id}`,
    })),
  ];
}
