import { create } from 'zustand';
import type { AppInfo, Settings } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { setTheme } from '../theme/theme.ts';
import { report } from './problems.ts';

interface App {
  info: AppInfo | null;
  settings: Settings;
}

/** What the app says of itself, and how the operator wants it. */
export const useApp = create<App>()(() => ({
  info: null,
  settings: { theme: 'system', showOutline: true, showSide: true },
}));

export function takeSettings(settings: Settings): void {
  setTheme(settings.theme);
  useApp.setState({ settings });
}

/** Shows the change at once and keeps it; what main answers is the truth. */
export function change(settings: Partial<Settings>): void {
  takeSettings({ ...useApp.getState().settings, ...settings });
  ask('settings.set', settings).then(takeSettings, report);
}
