import { describe, expect, it } from 'vitest';
import { Replay } from './replay.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (replay: Replay): string => new TextDecoder().decode(replay.bytes());

describe('the replay of a terminal', () => {
  it('gives back what was shown', () => {
    const replay = new Replay();
    replay.add(bytes('one\r\n'));
    replay.add(bytes('two'));
    expect(text(replay)).toBe('one\r\ntwo');
  });

  it.each([1, 700, 64 * 1024, 999_999, 1_000_000, 1_700_000])(
    'keeps the last million bytes of pieces of %i',
    (size) => {
      const replay = new Replay();
      let all = '';
      for (let i = 0; all.length < 3_500_000; i++) {
        const piece = String(i % 10).repeat(size === 1 ? 1000 : size);
        all = (all + piece).slice(-4_000_000);
        if (size > 1) replay.add(bytes(piece));
        else for (const byte of bytes(piece)) replay.add(new Uint8Array([byte]));
      }
      expect(text(replay) === all.slice(-1_000_000)).toBe(true);
    },
  );

  it('does not begin in the middle of a character', () => {
    for (const before of ['', 'a', 'aa']) {
      const replay = new Replay();
      replay.add(bytes(before));
      replay.add(bytes('€'.repeat(400_000)));
      replay.add(bytes('end'));
      expect(text(replay).slice(0, 2)).toBe('€€');
      expect(text(replay).endsWith('€end')).toBe(true);
    }
  });

  it('lends out nothing of its own memory', () => {
    const replay = new Replay();
    replay.add(bytes('kept'));
    const given = replay.bytes();
    expect(given.buffer.byteLength).toBe(4);
    given.fill(0);
    expect(text(replay)).toBe('kept');
  });
});
