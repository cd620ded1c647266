import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine, RunListener } from '../../engine/api.ts';
import type { Look } from '../../engine/live/look.ts';
import { createLivePanel } from './live-panel.ts';

const nothing = { cluster: null, store: null, workloads: null, objects: null, log: null };
let told = 0;
let hasWindow = true;
let listener: RunListener | null = null;
let isDriven = true;
const unfollow = vi.fn();
const looks: { role: string; change(): void; close: ReturnType<typeof vi.fn> }[] = [];
let hasMoreLog = false;
let opening: Promise<void> = Promise.resolve();

const make = () =>
  createLivePanel({
    engine: () => ({
      driven: () => (isDriven ? ({} as ReturnType<Engine['driven']>) : null),
      follow: (_run, given) => {
        listener = given;
        return unfollow;
      },
    }),
    push: () => {
      told += 1;
      return hasWindow;
    },
    openLook: async ({ role, onChange }): Promise<Look> => {
      await opening;
      const close = vi.fn();
      looks.push({ role, change: onChange, close });
      return {
        view: () => nothing,
        get hasMoreLog() {
          return hasMoreLog;
        },
        follow: () => undefined,
        close,
      };
    },
  });

beforeEach(() => {
  vi.useFakeTimers();
  told = 0;
  hasWindow = true;
  isDriven = true;
  hasMoreLog = false;
  opening = Promise.resolve();
  looks.length = 0;
});
afterEach(() => vi.useRealTimers());

describe('the live panel', () => {
  it('tells a window once, and again only after it has read', async () => {
    const panel = make();
    await panel.open('r', 'main', true);
    for (let at = 0; at < 1_000; at += 1) {
      looks[0]?.change();
      vi.advanceTimersByTime(50);
    }
    expect(told).toBe(1);
    expect(panel.read(0)).toEqual({ run: 'r', role: 'main', ...nothing, isOver: false });
    looks[0]?.change();
    looks[0]?.change();
    vi.advanceTimersByTime(10_000);
    expect(told).toBe(2);
  });

  it('goes on telling where the log has more than one answer takes', async () => {
    const panel = make();
    await panel.open('r', 'main', true);
    hasMoreLog = true;
    panel.read(0);
    vi.advanceTimersByTime(300);
    expect(told).toBe(1);
  });

  it('looks at one target at a time, also where the first was slow to open', async () => {
    const panel = make();
    let go = (): void => undefined;
    opening = new Promise((resolve) => {
      go = resolve;
    });
    const slow = panel.open('r', 'slow', true);
    const wanted = panel.open('r', 'wanted', true);
    go();
    await Promise.all([slow, wanted]);
    expect(looks.map(({ role, close }) => [role, close.mock.calls.length])).toEqual([
      ['slow', 1],
      ['wanted', 0],
    ]);
    panel.close();
    expect(looks[1]?.close).toHaveBeenCalledOnce();
    expect(panel.read(0)).toBeNull();
    looks[1]?.change();
    vi.advanceTimersByTime(1_000);
    expect(told).toBe(0);
  });

  it('ends with the window and with the run; what was seen last stays', async () => {
    const panel = make();
    await panel.open('r', 'main', true);
    listener?.stopped(null);
    expect(looks[0]?.close).toHaveBeenCalledOnce();
    expect(panel.read(0)?.isOver).toBe(true);
    await panel.open('r', 'main', true);
    hasWindow = false;
    vi.advanceTimersByTime(300);
    expect(looks[1]?.close).toHaveBeenCalledOnce();
    isDriven = false;
    await expect(panel.open('r', 'main', true)).rejects.toMatchObject({
      problem: { code: 'run-not-driven' },
    });
  });
});
