import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveLink } from '../../core/live/view.ts';
import { MusterError } from '../../core/problem.ts';
import { keepWatching } from './keep-watching.ts';

const times = { everyMs: 5_000, firstPauseMs: 1_000, lastPauseMs: 4_000 };

function away(code = 'kubernetes-unreachable'): MusterError {
  return new MusterError({ code, what: 'It is away.', safe: '', next: 'Wait.' });
}

/** A target that answers as `answer` says, and what was done with it. */
function begin(answer: () => string) {
  const links: LiveLink[] = [];
  const watches: { connection: string; signal: AbortSignal; fail(error: unknown): void }[] = [];
  const stop = new AbortController();
  const prove = vi.fn(async () => answer());
  const done = keepWatching<string>(
    {
      prove,
      watch: (connection, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => resolve());
          watches.push({ connection, signal, fail: reject });
        }),
      onLink: (link) => links.push(link),
    },
    stop.signal,
    times,
  );
  return { links, watches, stop, done, prove };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => vi.useRealTimers());

describe('a part of a target that is watched', () => {
  it('is asked again and again, and watched once', async () => {
    const { links, watches, stop, done } = begin(() => 'a');
    await vi.advanceTimersByTimeAsync(11_000);
    expect(links.map(({ at }) => at)).toEqual([0, 5_000, 10_000]);
    expect(watches).toHaveLength(1);
    stop.abort();
    await done;
    expect(watches[0]?.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps its last time and its watch while nobody answers, and asks ever more seldom', async () => {
    let isAway = false;
    const { links, watches, prove } = begin(() => {
      if (isAway) throw away();
      return 'a';
    });
    await vi.advanceTimersByTimeAsync(1_000);
    isAway = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(links.at(-1)).toMatchObject({ at: 0, problem: { what: 'It is away.' } });
    expect(watches[0]?.signal.aborted).toBe(false);
    const asked = prove.mock.calls.length;
    expect(asked).toBeLessThan(20);
    isAway = false;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(links.at(-1)?.problem).toBeNull();
    expect(links.at(-1)?.at).toBeGreaterThan(60_000);
    expect(watches).toHaveLength(1);
  });

  it('reads nothing more when another system answers, and begins anew with the right one', async () => {
    let isOther = false;
    const { links, watches } = begin(() => {
      if (isOther) throw away('target-mismatch');
      return 'a';
    });
    await vi.advanceTimersByTimeAsync(0);
    isOther = true;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(links.at(-1)?.problem?.code).toBe('target-mismatch');
    expect(watches[0]?.signal.aborted).toBe(true);
    isOther = false;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(watches).toHaveLength(2);
  });

  it('watches a new connection in place of the old one', async () => {
    let connection = 'a';
    const { watches } = begin(() => connection);
    await vi.advanceTimersByTimeAsync(0);
    connection = 'b';
    await vi.advanceTimersByTimeAsync(5_000);
    expect(watches.map(({ connection: one, signal }) => [one, signal.aborted])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('says at once why a watch failed for good, and tries it again after ever longer pauses', async () => {
    const { links, watches } = begin(() => 'a');
    await vi.advanceTimersByTimeAsync(0);
    watches[0]?.fail(away('kubernetes-forbidden'));
    await vi.advanceTimersByTimeAsync(0);
    expect(links.at(-1)?.problem?.code).toBe('kubernetes-forbidden');
    for (let at = 1; at < 60; at += 1) {
      watches.at(-1)?.fail(away('kubernetes-forbidden'));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(watches.length).toBeGreaterThan(3);
    expect(watches.length).toBeLessThan(20);
  });
});
