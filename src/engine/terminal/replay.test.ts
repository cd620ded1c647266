import { describe, expect, it } from 'vitest';
import { Replay } from './replay.ts';

describe('the replay of a terminal', () => {
  it('gives back what was shown', () => {
    const replay = new Replay();
    replay.add('one\r\n');
    replay.add('two');
    expect(replay.text()).toBe('one\r\ntwo');
  });

  it('keeps at most a million characters, the newest', () => {
    const replay = new Replay();
    for (let i = 0; i < 50; i++) replay.add(String(i % 10).repeat(64 * 1024));
    expect(replay.text().length).toBeLessThanOrEqual(1_000_000);
    expect(replay.text().endsWith('9')).toBe(true);
  });

  it('keeps at most ten thousand lines', () => {
    const replay = new Replay();
    for (let i = 0; i < 30_000; i++) replay.add(`${i}\n`);
    const lines = replay.text().split('\n');
    expect(lines.length).toBeLessThanOrEqual(10_001);
    expect(lines.at(-2)).toBe('29999');
  });
});
