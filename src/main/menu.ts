import { Menu, type MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  openRunbook(): void;
  addFolder(): void;
}

/** The application menu: what every desktop program has, and the two ways to get a runbook in. */
export function setMenu(actions: MenuActions, isDevelopment: boolean): void {
  const isMac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: '&Open runbook…', accelerator: 'CmdOrCtrl+O', click: actions.openRunbook },
        { label: '&Add folder…', click: actions.addFolder },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...(isDevelopment
          ? [{ role: 'reload' } as const, { role: 'toggleDevTools' } as const, separator]
          : []),
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

const separator: MenuItemConstructorOptions = { type: 'separator' };
