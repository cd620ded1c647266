import type { Reply } from '../../shared/ipc.ts';
import type { Router } from './router.ts';

/** The channel of all requests; the preload script knows it too. */
export const REQUEST_CHANNEL = 'muster:request';

/** The part of Electron's `ipcMain` that is needed, over its own kind of event. */
export interface RequestReceiver<E> {
  handle(
    channel: string,
    listener: (event: E, name: unknown, payload: unknown) => Promise<Reply>,
  ): void;
}

/**
 * Takes requests from now on. The router may still be loading: a request waits for it, unless
 * `early` knows the answer. The sender is checked at once, while its frame is sure to be there.
 */
export function receiveRequests<E>(
  receiver: RequestReceiver<E>,
  isTrusted: (event: E) => boolean,
  early: (name: unknown) => Reply | null,
  router: () => Promise<Router>,
): void {
  receiver.handle(REQUEST_CHANNEL, async (event, name, payload) => {
    if (!isTrusted(event)) return UNTRUSTED;
    return early(name) ?? (await router())(name, payload);
  });
}

/** The answer to a page or frame that may not ask. */
const UNTRUSTED: Reply = {
  ok: false,
  problem: {
    code: 'sender-refused',
    what: 'A page that is not Muster asked for something.',
    safe: 'Nothing was done.',
    next: 'Restart Muster, and report this.',
  },
};
