import { ask, listen } from '../bridge.ts';
import { refreshLibrary, takeChange } from '../library/store.ts';
import { takeOutput } from '../run/output.ts';
import { takeProgress } from '../run/progress.ts';
import { refreshRuns, takeEvents } from '../run/store.ts';
import { followTerminals } from '../terminal/store.ts';
import { takeSettings, useApp } from './app.ts';
import { followKeys } from './keys.ts';
import { go } from './navigation.ts';
import { report, show } from './problems.ts';

/** Tells main how far its news was taken. */
function heard(number: number): void {
  // Should it fail, main waits, and the next answer says it again.
  ask('run.heard', { number }).catch(() => undefined);
}

/** Asks for what the first screen needs and follows all that main tells from now on. */
export function begin(): void {
  followKeys();
  listen('run.events', ({ run, events }) => takeEvents(run, events));
  listen('run.output', takeOutput);
  // Whatever was sent to a page that is gone is waited for no longer.
  heard(0);
  listen('run.told', ({ number }) => heard(number));
  listen('run.progress', takeProgress);
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
