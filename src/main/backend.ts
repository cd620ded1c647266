import type { BrowserWindow } from 'electron';
import { MusterError, type Problem, toProblem } from '../core/problem.ts';
import { knownSecrets } from '../engine/credentials/known-secrets.ts';
import type { AppInfo } from '../shared/ipc.ts';
import { chooseFolder, chooseRunbook } from './dialogs.ts';
import { AnswerMemory, type FirstAnswers } from './first-answers.ts';
import { attachmentRequests } from './ipc/attachment-requests.ts';
import { clipboardRequests } from './ipc/clipboard-requests.ts';
import { exportRequests } from './ipc/export-requests.ts';
import { hiding } from './ipc/hiding.ts';
import { libraryRequests } from './ipc/library-requests.ts';
import { linkRequests } from './ipc/link-requests.ts';
import { liveRequests } from './ipc/live-requests.ts';
import { peopleRequests } from './ipc/people-requests.ts';
import type { Push } from './ipc/push.ts';
import { reportRequests } from './ipc/report-requests.ts';
import { reviewRequests } from './ipc/review-requests.ts';
import { createRouter, type Router } from './ipc/router.ts';
import { runRequests } from './ipc/run-requests.ts';
import { runbookRequests } from './ipc/runbook-requests.ts';
import { settingsRequests } from './ipc/settings-requests.ts';
import { targetRequests } from './ipc/target-requests.ts';
import { terminalRequests } from './ipc/terminal-requests.ts';
import { vaultRequests } from './ipc/vault-requests.ts';
import { Library } from './library/library.ts';
import { OutsideLint } from './library/outside-lint.ts';
import { createLivePanel } from './live/live-panel.ts';
import { lookOpener } from './live/look-opener.ts';
import type { Log } from './log.ts';
import { showNotification } from './notification.ts';
import { bundledRunbooks, root } from './paths.ts';
import { LazyRuns } from './runs/runs.ts';
import { systemKeyKeeper } from './security/key-keeper.ts';
import { createServices } from './services.ts';
import { startHostProcess } from './terminal/host-process.ts';
import { tellWhatDiffers } from './what-differs.ts';
import { applyTheme, rememberTheme } from './window.ts';

/**
 * Everything behind the window. `index.ts` loads this module while the page loads, because store,
 * engine and parser are heavy and the window must not wait for them.
 */
export interface Backend {
  router: Router;
  /** The two ways into the library that stand in the menu. */
  chooseRunbook(): void;
  chooseFolder(): void;
  /** Lets go of runs, ends terminals, closes the store. */
  close(): Promise<void>;
}

export function openBackend(given: {
  home: string;
  browserFolder: string;
  version: string;
  info(): AppInfo;
  /** What the window has been told before there was a backend. */
  told: FirstAnswers;
  /** Which Muster this is, down to the build. */
  build: string;
  log: Log;
  push: Push;
  window(): BrowserWindow | null;
}): Backend {
  const { browserFolder, told, log } = given;
  const memory = new AnswerMemory(browserFolder, given.build);
  log.hideWith(knownSecrets.text);
  const push = hiding(given.push, knownSecrets.problem);
  const window = (): BrowserWindow => {
    const shown = given.window();
    if (shown === null) throw new MusterError(noWindow());
    return shown;
  };
  const services = createServices({
    ...given,
    push,
    startTerminalHost: () => startHostProcess(root),
    notify: (notification) => showNotification(notification, given.window),
    keyKeeper: systemKeyKeeper,
  });
  const library = new Library(services, bundledRunbooks());
  const outside = new OutsideLint();
  const runs = new LazyRuns(services);
  const live = createLivePanel({
    engine: () => services.engine(),
    push,
    openLook: lookOpener(services),
  });
  const route = createRouter(
    {
      'app.info': given.info,
      ...settingsRequests(services, (theme) => {
        applyTheme(theme);
        rememberTheme(browserFolder, theme);
      }),
      ...libraryRequests(library, window),
      ...runbookRequests(library, outside, window),
      ...reviewRequests(services, library),
      ...exportRequests(services, library, window),
      ...runRequests(services, library, runs),
      ...reportRequests(services, window),
      ...targetRequests(services),
      ...vaultRequests(services),
      ...liveRequests(live),
      ...attachmentRequests(services, window),
      ...peopleRequests(services, window),
      ...terminalRequests(services, window),
      ...clipboardRequests(),
      ...linkRequests(window),
    },
    log,
    knownSecrets.problem,
  );
  const router: Router = async (name, payload) => {
    const reply = await route(name, payload);
    memory.heard(name, reply);
    return reply;
  };
  void tellWhatDiffers(told, (name) => router(name, undefined), push);
  const tellFault = (work: () => Promise<void>): void => {
    work().catch((error: unknown) => push('app.problem', toProblem(error)));
  };
  return {
    router,
    chooseRunbook: () =>
      tellFault(async () => {
        const path = await chooseRunbook(window());
        if (path !== null) push('app.open', { path });
      }),
    chooseFolder: () =>
      tellFault(async () => {
        const path = await chooseFolder(window());
        if (path !== null) await library.addFolder(path);
      }),
    async close() {
      library.close();
      outside.close();
      runs.close();
      live.close();
      memory.write();
      await services.close();
    },
  };
}

function noWindow(): Problem {
  return {
    code: 'window-closed',
    what: 'The window was closed before the question could be asked.',
    safe: 'Nothing was changed.',
    next: 'Open the window and try again.',
  };
}
