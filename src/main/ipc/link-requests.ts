import { type BrowserWindow, shell } from 'electron';
import { MusterError } from '../../core/problem.ts';
import { confirmLink } from '../dialogs.ts';
import type { HandlersOf } from './router.ts';
import { webAddress } from './web-address.ts';

export function linkRequests(window: () => BrowserWindow): HandlersOf<'link.open'> {
  return {
    'link.open': async ({ url }) => {
      const address = webAddress(url);
      if (address === null) {
        throw new MusterError({
          code: 'link-refused',
          what: 'Muster opens only http and https addresses without a password in them.',
          safe: 'Nothing was opened.',
          next: 'Copy the address and open it yourself if you trust it.',
          detail: url,
        });
      }
      if (await confirmLink(window(), address)) await shell.openExternal(address);
    },
  };
}
