import { useMemo } from 'react';
import { titleOf } from '../../core/library/title.ts';
import type { LibraryGroup, RunSummary } from '../../shared/ipc.ts';
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

function boundActions(): Entry[] {
  const bound = boundKeys().flatMap(({ group, bindings }) =>
    bindings
      .filter(({ keys }) => keys !== 'mod+k')
      .map(({ keys, name, run }) => ({ id: `key ${group} ${name}`, group, name, keys, run })),
  );
  const names = new Set<string>();
  return bound.filter(({ id }) => !names.has(id) && names.add(id));
}

function plain(group: string, name: string, run: () => void): Entry {
  return { id: `${group} ${name}`, group, name, keys: null, run };
}

/** What can be done on this screen and everywhere. Read once: the palette is opened over a screen. */
export function actionEntries(): Entry[] {
  const run = currentRun(useRuns.getState(), useNavigation.getState().place);
  return [
    ...boundActions(),
    plain('Everywhere', 'Add a folder to the library', addFolder),
    plain('Everywhere', 'Open a file', chooseFile),
    plain('Everywhere', 'Targets', openTargets),
    plain('Everywhere', 'Vault', openVault),
    plain('Everywhere', 'New terminal', () => openTerminal(run?.id ?? null)),
    ...themes.map(([theme, name]) => plain('Everywhere', name, () => change({ theme }))),
  ];
}

/** What can be opened, as far as it is known by now. */
export function useItemEntries(): Entry[] {
  const groups = useLibrary((library) => library.groups);
  const list = useRuns((runs) => runs.list);
  return useMemo(
    () => [...runbookEntries(groups ?? []), ...runEntries(list ?? [])],
    [groups, list],
  );
}

/** Each file once: it may stand among the pinned and the recent ones as well as in its folder. */
function runbookEntries(groups: readonly LibraryGroup[]): Entry[] {
  const files = new Map(
    groups.flatMap(({ entries }) => entries.map((entry) => [entry.path, entry])),
  );
  return [...files.values()].map((entry) => ({
    ...plain('Runbooks', titleOf(entry), () => go('library', entry.path)),
    id: `runbook ${entry.path}`,
  }));
}

function runEntries(list: readonly RunSummary[]): Entry[] {
  return list.map(({ id, title, outcome, endedAt }) => ({
    ...plain('Runs', `${title} (${outcome ?? 'not ended'})`, () =>
      go(endedAt === null ? 'run' : 'record', id),
    ),
    id: `run ${id}`,
  }));
}
