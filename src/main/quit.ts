import { setTimeout as delay } from 'node:timers/promises';
import { app } from 'electron';
import type { Backend } from './backend.ts';
import type { Log } from './log.ts';

/** The longest that quitting may take, in ms; terminals get a grace period of their own in it. */
const PATIENCE_MS = 5_000;

/** Lets go of runs and closes the store before the app ends. What the runs started goes on. */
export function closeBeforeQuit(backend: () => Promise<Backend> | null, log: Log): void {
  let isClosing = false;
  app.on('will-quit', (event) => {
    const open = backend();
    if (open === null) return;
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    const closed = open.then(({ close }) => close());
    Promise.race([closed, delay(PATIENCE_MS)])
      .catch((error: unknown) => log.fault('Closing met a fault.', error))
      .finally(() => app.exit(0));
  });
}
