import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Log } from './log.ts';
import { root } from './paths.ts';
import { APP_URL } from './security/asset-path.ts';
import { webPreferences } from './security/lock-down.ts';
import { isOwnPage } from './security/sender.ts';
import { onScreen, recall, remember, type WindowMemory } from './window-memory.ts';

/** Shown before the first paint: `--surface-0` of each theme. */
const BACKGROUND = { light: '#fbfcfd', dark: '#111317', contrast: '#000000' };

/** The page is shown at the latest after this, in ms, even when it never says that it is ready. */
const PATIENCE_MS = 4_000;

export interface WindowOptions {
  /** Where its place and theme are remembered. */
  folder: string;
  /** The development server's address, or null. */
  developmentUrl: string | null;
  log: Log;
}

/** Opens Muster's window. It shows itself once there is something to see. */
export function openWindow({ folder, developmentUrl, log }: WindowOptions): BrowserWindow {
  const memory = recall(folder);
  applyTheme(memory.theme);
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    ...onScreen(memory.bounds, screens),
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'Muster',
    backgroundColor: backgroundFor(memory.theme),
    // The menu comes with Alt; everything in it has a key and stands in the palette.
    autoHideMenuBar: true,
    webPreferences: webPreferences(join(root, 'out/preload/index.cjs'), developmentUrl !== null),
  });
  if (memory.maximised) window.maximize();
  showWhenReady(window);
  keepPlace(window, folder);
  bringBack(window, log);
  const load = (): void => {
    window.loadURL(developmentUrl ?? APP_URL).catch((error: unknown) => {
      log.fault('The window could not be loaded.', error);
    });
  };
  // A page can make itself blank without asking, which is the one way off that cannot be denied.
  window.webContents.on('did-navigate', (_event, url) => {
    if (!isOwnPage(url, developmentUrl)) load();
  });
  load();
  return window;
}

/** Applies the operator's choice to what the system draws: menus, dialogs, scroll bars. */
export function applyTheme(theme: WindowMemory['theme']): void {
  nativeTheme.themeSource = theme === 'contrast' ? 'dark' : theme;
}

/** Remembers the theme for the first moment of the next window. */
export function rememberTheme(folder: string, theme: WindowMemory['theme']): void {
  remember(folder, { ...recall(folder), theme });
}

function backgroundFor(theme: WindowMemory['theme']): string {
  if (theme === 'contrast') return BACKGROUND.contrast;
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}

function showWhenReady(window: BrowserWindow): void {
  const show = () => {
    clearTimeout(timer);
    if (!window.isDestroyed() && !window.isVisible()) window.show();
  };
  const timer = setTimeout(show, PATIENCE_MS);
  window.once('ready-to-show', show);
}

function keepPlace(window: BrowserWindow, folder: string): void {
  window.on('close', () => {
    const bounds = window.getNormalBounds();
    remember(folder, { ...recall(folder), bounds, maximised: window.isMaximized() });
  });
}

/** Two crashes within this time, in ms, and the page is left as it is. */
const CRASH_LOOP_MS = 10_000;

/** A crashed page is loaded again; runs and terminals live in other processes and go on. */
function bringBack(window: BrowserWindow, log: Log): void {
  let last = 0;
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    log.note(`The page ended: ${details.reason}, exit code ${details.exitCode}.`);
    const isLoop = Date.now() - last < CRASH_LOOP_MS;
    last = Date.now();
    if (!isLoop && !window.isDestroyed()) window.webContents.reload();
  });
}
