import { type Settings, settingsSchema } from '../../shared/ipc.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

/** Where the window's settings stand in the store's table. */
const KEY = 'window';

const DEFAULTS: Settings = { theme: 'system', showOutline: true, showSide: true };

export function settingsRequests(
  services: Services,
  themeChanged: (theme: Settings['theme']) => void,
): HandlersOf<'settings.get' | 'settings.set'> {
  const kept = (): Settings => {
    const text = services.store().settings.read(KEY);
    return text === null ? DEFAULTS : parsed(text);
  };
  return {
    'settings.get': () => {
      try {
        return kept();
      } catch {
        // A window without a store looks as it does at first; the runs say what is wrong.
        return DEFAULTS;
      }
    },
    'settings.set': (change) => {
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      const settings = settingsSchema.parse({ ...kept(), ...Object.fromEntries(given) });
      services.store().settings.write(KEY, JSON.stringify(settings));
      if (change.theme !== undefined) themeChanged(settings.theme);
      return settings;
    },
  };
}

/** What another version wrote is used as far as this one knows it. */
function parsed(text: string): Settings {
  try {
    return settingsSchema.parse({ ...DEFAULTS, ...JSON.parse(text) });
  } catch {
    return DEFAULTS;
  }
}
