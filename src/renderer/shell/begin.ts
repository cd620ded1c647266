import { ask, listen } from '../bridge.ts';
import { refreshLibrary, takeChange } from '../library/store.ts';
import { takeOutput } from '../run/output.ts';
import { refreshRuns, takeEvents } from '../run/store.ts';
import { followTerminals } from '../terminal/store.ts';
import { takeSettings, useApp } from './app.ts';
import { followKeys } from './keys.ts';
import { go } from './navigation.ts';
import { report, show } from './problems.ts';

/** Asks for what the first screen needs and follows all that main tells from now on. */
export function begin(): void {
  followKeys();
  listen('run.events', ({ run, events }) => takeEvents(run, events));
  listen('run.output', takeOutput);
  listen('runs.changed', refreshRuns);
  listen('library.changed', refreshLibrary);
  listen('runbook.changed', ({ path }) => takeChange(path));
  listen('app.open', ({ path }) => go('library', path));
  listen('app.problem', show);

  refreshLibrary();
  ask('settings.get').then(takeSettings, report);
  ask('app.info').then((info) => {
    useApp.setState({ info });
    if (info.open.kind === 'runbook') go('library', info.open.path);
  }, report);
  refreshRuns();
  followTerminals();
}
