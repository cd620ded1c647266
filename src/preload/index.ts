import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../shared/ipc.ts';
import { pushNames, requestNames } from '../shared/names.ts';

// Electron hands the app's environment to every preload script, and the page's process would keep it:
// it may hold secrets, and nothing here reads it.
for (const name of Object.keys(process.env)) delete process.env[name];

const listeners = new Map<string, Set<(payload: unknown) => void>>();

ipcRenderer.on('muster:push', (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

// The way to the terminals' process: a port cannot cross the bridge, so the page gets it by message.
ipcRenderer.on('muster:terminals', ({ ports }) => {
  window.postMessage('muster:terminals', '/', ports);
});

/** What every page asks first is asked while its code is still on its way. */
const early = new Map(
  (['settings.get', 'library.list'] as const).map((name) => [
    name as string,
    ipcRenderer.invoke('muster:request', name, undefined),
  ]),
);

const bridge: Bridge = {
  async request(name, payload) {
    if (!Object.hasOwn(requestNames, name)) throw new Error(`There is no request '${name}'.`);
    const asked = early.get(name);
    early.delete(name);
    if (asked !== undefined) return asked;
    return ipcRenderer.invoke('muster:request', name, payload);
  },

  listen(name, listener) {
    if (!Object.hasOwn(pushNames, name)) throw new Error(`There is no push '${name}'.`);
    const of = listeners.get(name) ?? new Set();
    listeners.set(name, of);
    // A wrapper of its own for each subscription, so that the same function can listen twice.
    const heard = (payload: unknown) => listener(payload);
    of.add(heard);
    return () => void of.delete(heard);
  },

  pathOfDropped(file) {
    return file instanceof File ? webUtils.getPathForFile(file) : '';
  },
};

contextBridge.exposeInMainWorld('muster', bridge);
