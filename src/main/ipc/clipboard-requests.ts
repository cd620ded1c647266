import { clipboard } from 'electron';
import type { HandlersOf } from './router.ts';

export function clipboardRequests(): HandlersOf<'clipboard.write' | 'clipboard.read'> {
  return {
    // Electron made both asynchronous after version 33; awaited, they are right in each.
    'clipboard.write': async ({ text }) => {
      await clipboard.writeText(text);
    },
    'clipboard.read': async () => ({ text: await clipboard.readText() }),
  };
}
