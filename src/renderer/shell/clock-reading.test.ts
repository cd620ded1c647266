import { describe, expect, it } from 'vitest';
import { levelOf } from './clock-reading.ts';

describe('levelOf', () => {
  it('is calm until three quarters, amber after, red past the promise', () => {
    expect(levelOf(750, 1000)).toBe('calm');
    expect(levelOf(751, 1000)).toBe('amber');
    expect(levelOf(1000, 1000)).toBe('amber');
    expect(levelOf(1001, 1000)).toBe('red');
  });

  it('is calm where nothing is promised or nothing is measured', () => {
    expect(levelOf(5, null)).toBe('calm');
    expect(levelOf(null, 5)).toBe('calm');
  });
});
