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

/**
 * Asks for what the first screen needs and follows all that main tells from now on. Resolves when
 * the list is there, or does not come at once.
 */
export function begin(): Promise<unknown> {
  followKeys();
  listen('run.events', ({ run, events }) => takeEvents(run, events));
  listen('run.output', takeOutput);
  listen('run.told', ({ number }) => heard(number));
  listen('run.progress', takeProgress);
  listen('runs.changed', refreshRuns);
  listen('library.changed', () => void refreshLibrary());
  listen('settings.changed', takeSettings);
  listen('runbook.changed', ({ path }) => takeChange(path));
  listen('app.open', ({ path }) => go('library', path));
  listen('app.problem', show);

  ask('settings.get').then(takeSettings, report);
  ask('app.info').then((info) => {
    useApp.setState({ info });
    if (info.open.kind === 'runbook') go('library', info.open.path);
  }, report);
  const list = refreshLibrary();
  void Promise.race([list, pause(PATIENCE_MS)])
    .then(() => pause(CALM_MS))
    .then(() => requestIdleCallback(askTheRest, { timeout: PATIENCE_MS }));
  return Promise.race([list, pause(AT_ONCE_MS)]);
}

/** A list that comes within this is drawn with the frame around it, in ms. */
const AT_ONCE_MS = 20;

/** The list comes first: main may know it before it has loaded what it needs for anything else. */
const PATIENCE_MS = 300;

/** So long the list has the page for itself, in ms: a key may be pressed on it. */
const CALM_MS = 200;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function askTheRest(): void {
  // Whatever was sent to a page that is gone is waited for no longer.
  heard(0);
  refreshRuns();
  void followTerminals();
}
