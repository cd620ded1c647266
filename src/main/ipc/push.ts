import type { PushName, PushPayload } from '../../shared/ipc.ts';

/** Tells the window something. False when there is no window to tell. */
export type Push = <N extends PushName>(name: N, payload: PushPayload<N>) => boolean;

/** The part of Electron's web contents that a push needs. */
export interface PushTarget {
  isDestroyed(): boolean;
  send(channel: string, name: string, payload: unknown): void;
}

/** The channel of all pushes; the preload script knows it too. */
export const PUSH_CHANNEL = 'muster:push';

export function pushTo(target: () => PushTarget | null): Push {
  return (name, payload) => {
    const contents = target();
    if (contents === null || contents.isDestroyed()) return false;
    contents.send(PUSH_CHANNEL, name, payload);
    return true;
  };
}
