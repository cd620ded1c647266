import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from '../core/runbook/parse.ts';
import { textDisplay } from './display.ts';

afterEach(() => vi.restoreAllMocks());

describe('the output of a step on the command line', () => {
  it('is indented line by line, however it is cut', () => {
    const written: unknown[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(text) > 0);
    const display = textDisplay(parse('---\nrunbook: 1\n---\n# One\n'));
    for (const piece of ['one', '\n', 'two\n\nth', 'ree', '\nfour\n', '\n', 'five']) {
      display.output(piece);
    }
    expect(written.join('')).toBe('    one\n    two\n\n    three\n    four\n\n    five');
  });
});
