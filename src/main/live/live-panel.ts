import type { LiveView } from '../../core/live/view.ts';
import { MusterError } from '../../core/problem.ts';
import type { Engine } from '../../engine/api.ts';
import { notDrivenHere } from '../../engine/failures.ts';
import type { Look } from '../../engine/live/look.ts';
import type { Push } from '../ipc/push.ts';
import type { OpenLook } from './look-opener.ts';

/** The window's live panel: it looks at one target at a time, and only while it is on the screen. */
export interface LivePanel {
  /**
   * Watches all of the target, or only whether it answers. Throws MusterError where the run is not
   * driven here or has no such target.
   */
  open(run: string, role: string, all: boolean): Promise<void>;
  close(): void;
  read(logFrom: number): LiveView | null;
  follow(pod: string | null): void;
}

/** How often at most the window is told that something changed, in ms. */
const GATHER_MS = 250;

/**
 * The window is told that there is something new and reads it when it can; until it has, it is told
 * nothing more. So a window that does not keep up misses states in between and nothing piles up.
 */
export function createLivePanel(given: {
  engine(): Pick<Engine, 'driven' | 'follow'>;
  push: Push;
  openLook: OpenLook;
}): LivePanel {
  const { engine, push, openLook } = given;
  let opened: { run: string; role: string; look: Look; unfollow(): void } | null = null;
  /** Counts the wishes, so that a look that was slow to open does not stay against a later one. */
  let wishes = 0;
  let isOver = false;
  let isTold = false;
  let timer: NodeJS.Timeout | undefined;

  const changed = (): void => {
    if (opened === null || isTold) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      isTold = true;
      // Without a window nobody looks.
      if (!push('live.changed', undefined)) close();
    }, GATHER_MS);
  };
  const close = (): void => {
    wishes += 1;
    clearTimeout(timer);
    timer = undefined;
    isTold = false;
    isOver = false;
    opened?.unfollow();
    opened?.look.close();
    opened = null;
  };

  return {
    async open(run, role, all) {
      close();
      const wish = wishes;
      const first = engine().driven(run);
      if (first === null) throw new MusterError(notDrivenHere(run));
      let last = first;
      const look = await openLook({
        role,
        all,
        run: () => {
          last = engine().driven(run) ?? last;
          return last;
        },
        onChange: changed,
      });
      if (wish !== wishes) {
        look.close();
        return;
      }
      const unfollow = engine().follow(run, {
        events: () => undefined,
        output: () => undefined,
        stopped: () => {
          // What was seen last stays on the screen, as it was then.
          look.close();
          isOver = true;
          changed();
        },
      });
      opened = { run, role, look, unfollow };
      changed();
    },
    close,
    read(logFrom) {
      isTold = false;
      if (opened === null) return null;
      const { run, role, look } = opened;
      const view = { run, role, ...look.view(logFrom), isOver };
      if (look.hasMoreLog) changed();
      return view;
    },
    follow: (pod) => opened?.look.follow(pod),
  };
}
