import { app, type Session, type WebContents, type WebPreferences } from 'electron';
import { isOwnPage } from './sender.ts';

/** What every page of Muster runs under. */
export function webPreferences(preload: string, isDevelopment: boolean): WebPreferences {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: isDevelopment,
  };
}

/** Keeps the browser part off the network. Must be called before the app is ready. */
export function silenceBrowser(isDevelopment: boolean): void {
  app.commandLine.appendSwitch('disable-background-networking');
  app.commandLine.appendSwitch('disable-component-update');
  app.commandLine.appendSwitch('disable-domain-reliability');
  app.commandLine.appendSwitch('no-pings');
  // No name resolves for a page, whatever it tries. The engine speaks through Node and is not affected.
  if (!isDevelopment) app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** Denies every permission and every request that leaves for a network. */
export function lockSession(session: Session, isDevelopment: boolean): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  if (isDevelopment) return;
  const network = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*'];
  session.webRequest.onBeforeRequest({ urls: network }, (_details, decide) =>
    decide({ cancel: true }),
  );
}

/** Keeps a page where it is: no navigation, no window, no embedded page. */
export function lockContents(contents: WebContents, developmentUrl: string | null): void {
  contents.on('will-navigate', (event) => {
    // A reload in development is a navigation to the same page.
    if (developmentUrl === null || !isOwnPage(event.url, developmentUrl)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
