import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Runbook } from '../core/runbook/model.ts';
import { textDisplay } from './display.ts';

afterEach(() => vi.restoreAllMocks());

describe('the output of a step on the command line', () => {
  it('is indented line by line, however it is cut', () => {
    const written: unknown[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(text) > 0);
    const display = textDisplay({ phases: [], called: {} } as unknown as Runbook);
    for (const piece of ['one', '\n', 'two\n\nth', 'ree', '\nfour\n', '\n', 'five']) {
      display.output(piece);
    }
    expect(written.join('')).toBe('    one\n    two\n\n    three\n    four\n\n    five');
  });
});
