import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow, type IpcMainInvokeEvent, ipcMain, session } from 'electron';
import { version } from '../../package.json';
import type { Reply } from '../shared/ipc.ts';
import { musterHome } from '../store/home.ts';
import { appInfo } from './app-info.ts';
import type { Backend } from './backend.ts';
import { handedOver, parseCommandLine } from './command-line.ts';
import { recallAnswers } from './first-answers.ts';
import { pushTo } from './ipc/push.ts';
import { receiveRequests } from './ipc/receive.ts';
import { openLog } from './log.ts';
import { setMenu } from './menu.ts';
import { browserFolder, bundledRunbooks, root } from './paths.ts';
import { closeBeforeQuit } from './quit.ts';
import { lockContents, lockSession, silenceBrowser } from './security/lock-down.ts';
import { declareAppScheme, serveApp } from './security/protocol.ts';
import { isTrusted } from './security/sender.ts';
import { openWindow } from './window.ts';

// Only what the window itself needs is loaded here; everything behind it comes with `backend.ts`.

const developmentUrl = app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null);
const isDevelopment = developmentUrl !== null;
const home = musterHome(process.env, process.platform);
const folder = browserFolder(home);
const log = openLog(join(home, 'logs'));

let { open } = parseCommandLine(process.argv, {
  cwd: process.cwd(),
  bundled: bundledRunbooks(),
});
let window: BrowserWindow | null = null;
let backend: Promise<Backend> | null = null;
let isReady = false;
/** From then on the backend is loaded for whoever asks for something. */
const pageHasBegun = begun();
const build = `${version} ${statSync(fileURLToPath(import.meta.url)).mtimeMs}`;
const told = recallAnswers(folder, build);
const push = pushTo(() => window?.webContents ?? null);

app.setName('Muster');
app.setPath('userData', folder);
app.setPath('crashDumps', join(folder, 'crashes'));
silenceBrowser(isDevelopment);
// The page's beginning fits in it; else its few milliseconds are interrupted by collections.
app.commandLine.appendSwitch('js-flags', '--min-semi-space-size=8');
declareAppScheme();

// One instance for each home: another start with the same home hands over its file and ends.
if (app.requestSingleInstanceLock({ open })) start();
else app.exit(0);

function start(): void {
  reportFaults();
  app.on('web-contents-created', (_event, contents) => lockContents(contents, developmentUrl));
  app.on('second-instance', (_event, _argv, _cwd, data) => comeForward(handedOver(data)));
  // macOS: a file opened in the Finder, and a click on the icon without a window.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    comeForward(path);
  });
  app.on('activate', () => comeForward(null));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  closeBeforeQuit(() => backend, log);
  receiveRequests<IpcMainInvokeEvent>(ipcMain, isFromOurWindow, earlyAnswer, async () => {
    await pageHasBegun.promise;
    const { router } = await loadBackend();
    return router;
  });
  setMenu(
    {
      openRunbook: () => void loadBackend().then(({ chooseRunbook }) => chooseRunbook()),
      addFolder: () => void loadBackend().then(({ chooseFolder }) => chooseFolder()),
    },
    isDevelopment,
  );
  void app.whenReady().then(() => {
    lockSession(session.defaultSession, isDevelopment);
    serveApp(join(root, 'out/renderer'), (url) => {
      // The page has its code and is busy with it. Earlier, this would keep its files from it.
      if (url.endsWith('.js') && !isKnown()) pageHasBegun.resolve();
    });
    showWindow();
  });
}

function begun(): { promise: Promise<void>; resolve(): void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  // The development server hands the page its files itself.
  if (isDevelopment) resolve();
  return { promise, resolve };
}

/** The first screen can be shown without the backend. */
function isKnown(): boolean {
  return open === null && told['library.list'] !== undefined;
}

/** What can be answered while there is no backend yet. */
function earlyAnswer(name: unknown): Reply | null {
  if (isReady) return null;
  if (name === 'app.info') return { ok: true, value: appInfo(version, home, open) };
  if (name !== 'library.list' && name !== 'settings.get') return null;
  const value = told[name];
  if (value === undefined) return null;
  if (name === 'library.list') setTimeout(pageHasBegun.resolve, CALM_MS);
  return { ok: true, value };
}

/** So long a page draws the list that it was given, in ms, before anything else takes the machine. */
const CALM_MS = 250;

function showWindow(): void {
  window = openWindow({ folder, developmentUrl, log });
  window.on('closed', () => {
    window = null;
  });
}

/** Brings the window to the front, with a file if there is one. */
function comeForward(path: string | null): void {
  if (window === null) {
    // A new page asks for what to open when it is ready.
    open = path ?? open;
    if (app.isReady()) showWindow();
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
  if (path !== null) push('app.open', { path });
}

function loadBackend(): Promise<Backend> {
  backend ??= importBackend().then(({ openBackend }) => {
    const made = openBackend({
      home,
      browserFolder: folder,
      version,
      info: () => appInfo(version, home, open),
      told,
      build,
      log,
      push,
      window: () => window,
    });
    isReady = true;
    return made;
  });
  return backend;
}

/**
 * Where the page stands already, in pieces: keys and clicks pass through this thread on their way to
 * it, and get in between.
 */
async function importBackend(): Promise<typeof import('./backend.ts')> {
  if (!isKnown()) return import('./backend.ts');
  await import('zod');
  await import('../shared/ipc.ts');
  await import('../store/open.ts');
  return import('./backend.ts');
}

function isFromOurWindow({ sender, senderFrame }: IpcMainInvokeEvent): boolean {
  const facts = {
    frameUrl: senderFrame?.url ?? null,
    isTopFrame: senderFrame?.parent === null,
    isOurWindow: window !== null && sender === window.webContents,
  };
  return isTrusted(facts, developmentUrl);
}

/** A fault nobody caught: the runs' ledgers are on disk, so the window says it and stays. */
function reportFaults(): void {
  const report = async (error: unknown): Promise<void> => {
    log.fault('A fault that nothing caught.', error);
    const { toProblem } = await import('../core/problem.ts');
    const { detail: _stack, ...problem } = toProblem(error);
    push('app.problem', { ...problem, what: log.hidden(problem.what) });
  };
  process.on('uncaughtException', (error) => void report(error));
  process.on('unhandledRejection', (error) => void report(error));
}
