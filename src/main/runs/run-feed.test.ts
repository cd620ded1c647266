import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../core/run/events.ts';
import type { Engine, OutputChunk, RunListener } from '../../engine/api.ts';
import type { Push } from '../ipc/push.ts';
import { RunFeed } from './run-feed.ts';

let listener: RunListener | null = null;
let told: [string, unknown][] = [];
const unfollow = vi.fn();
const engine = {
  follow: (_run: string, given: RunListener) => {
    listener = given;
    return unfollow;
  },
} as unknown as Engine;
const push: Push = (name, payload) => {
  told.push([name, payload]);
  return true;
};

function chunk(at: number, text: string): OutputChunk {
  return {
    run: 'r',
    step: 's',
    attempt: 1,
    stream: 'out',
    at,
    bytes: text.length,
    text,
    ahead: '',
  };
}
const event = (seq: number) => ({ run: 'r', seq }) as unknown as RunEvent;
const outputs = () =>
  told.filter(([name]) => name === 'run.output').map(([, payload]) => payload as OutputChunk);

let feed: RunFeed;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  told = [];
  feed = new RunFeed(engine, push);
  feed.follow('r');
});
afterEach(() => vi.useRealTimers());

describe('the feed of runs driven here', () => {
  it('gathers what comes together and tells output before events', () => {
    listener?.events([event(1)]);
    listener?.output(chunk(0, 'ab'));
    listener?.output(chunk(2, 'cd'));
    listener?.events([event(2)]);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(30);
    expect(told).toEqual([
      ['run.output', chunk(0, 'abcd')],
      ['run.events', { run: 'r', events: [event(1), event(2)] }],
      ['run.told', { number: 1 }],
    ]);
  });

  it('keeps pieces apart that do not follow each other', () => {
    listener?.output(chunk(0, 'ab'));
    listener?.output(chunk(7, 'cd'));
    vi.advanceTimersByTime(30);
    expect(outputs()).toEqual([chunk(0, 'ab'), chunk(7, 'cd')]);
  });

  it('tells the newest stretch of a flood, with the offset that shows the gap', () => {
    const piece = 'x'.repeat(10_000);
    for (let i = 0; i < 1_000; i += 1) listener?.output(chunk(i * piece.length, piece));
    vi.advanceTimersByTime(30);
    const sent = outputs();
    expect(sent.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(64 * 1024);
    const last = sent.at(-1);
    expect((last?.at ?? 0) + (last?.bytes ?? 0)).toBe(10_000_000);
    expect(sent[0]?.at).toBeGreaterThan(0);
  });

  it('tells how far steps have come some times a second, the latest of each alone', () => {
    const at = (step: string, done: number) => ({
      run: 'r',
      step,
      label: 'Loading',
      done,
      total: 100,
      unit: 'rows' as const,
    });
    for (let done = 0; done <= 50; done += 1) listener?.progress?.(at('a', done));
    listener?.progress?.(at('b', 7));
    expect(told).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(told).toEqual([
      ['run.progress', at('a', 50)],
      ['run.progress', at('b', 7)],
    ]);
    vi.advanceTimersByTime(1_000);
    expect(told).toHaveLength(2);
  });

  it('tells all events of a flood', () => {
    for (let seq = 1; seq <= 5_000; seq += 1) listener?.events([event(seq)]);
    vi.advanceTimersByTime(30);
    expect(told).toHaveLength(2);
    expect(told[0]?.[1]).toMatchObject({ events: { length: 5_000 } });
  });

  it('sends no more to a window that does not take it, and keeps little for it', () => {
    const piece = 'x'.repeat(10_000);
    let seq = 0;
    for (let round = 0; round < 2_000; round += 1) {
      listener?.output(chunk(round * piece.length, piece));
      listener?.events([event(++seq), event(++seq), event(++seq)]);
      vi.advanceTimersByTime(30);
    }
    const numbers = () => told.filter(([name]) => name === 'run.told').length;
    expect(numbers()).toBe(32);
    const before = told.length;
    feed.heard(32);
    vi.advanceTimersByTime(30);
    const news = told.slice(before);
    const output = news.filter(([name]) => name === 'run.output');
    expect(output.reduce((sum, [, one]) => sum + (one as OutputChunk).bytes, 0)).toBeLessThan(
      70_000,
    );
    const events = news.flatMap(([name, payload]) =>
      name === 'run.events' ? (payload as { events: RunEvent[] }).events : [],
    );
    // The newest are told; the gap before them shows in their numbers.
    expect(events.length).toBeLessThan(2_003);
    expect(events.at(-1)?.seq).toBe(seq);
    expect(events[0]?.seq).toBeGreaterThan(97);
  });

  it('goes on with a window that begins anew', () => {
    for (let round = 0; round < 40; round += 1) {
      listener?.events([event(round + 1)]);
      vi.advanceTimersByTime(30);
    }
    feed.heard(0);
    vi.advanceTimersByTime(30);
    expect(told.at(-2)).toMatchObject(['run.events', { events: { length: 8 } }]);
  });

  it('tells the rest at once when the run stops, with the problem if there is one', () => {
    listener?.events([event(9)]);
    const problem = { code: 'disk-full', what: 'w', safe: 's', next: 'n' };
    listener?.stopped(problem);
    expect(told.map(([name]) => name)).toEqual([
      'run.events',
      'run.told',
      'app.problem',
      'runs.changed',
    ]);
    expect(unfollow).toHaveBeenCalledOnce();
  });
});
