import { describe, expect, it } from 'vitest';
import { wholeCharacters } from './run-reader.ts';

const whole = (bytes: number[]) => wholeCharacters(Uint8Array.from(bytes));

describe('an answer of output that ends inside a character', () => {
  it('leaves the begun character to the next answer', () => {
    expect(whole([0x61, 0xc3])).toBe(1);
    expect(whole([0x61, 0xe2, 0x82])).toBe(1);
    expect(whole([0x61, 0xf0, 0x9f, 0x98])).toBe(1);
  });
  it('keeps whole characters and what is no UTF-8 at all', () => {
    expect(whole([...new TextEncoder().encode('aé€😀')])).toBe(10);
    expect(whole([0x61, 0xff, 0x80, 0x80, 0x80, 0x80])).toBe(6);
    expect(whole([0x80, 0x80])).toBe(2);
    expect(whole([])).toBe(0);
  });
  it('never leaves everything, so that reading comes to an end', () => {
    expect(whole([0xf0, 0x9f, 0x98])).toBe(3);
    expect(whole([0xc3])).toBe(1);
  });
});
