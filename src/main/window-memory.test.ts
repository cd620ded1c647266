import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIRST_WINDOW, onScreen, recall, remember } from './window-memory.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the memory of the window', () => {
  it('holds from one window to the next', () => {
    const bounds = { x: 10, y: 20, width: 900, height: 700 };
    const memory = { bounds, maximised: true, theme: 'dark' } as const;
    remember(folder, memory);
    expect(recall(folder)).toEqual(memory);
  });
  it('starts anew after nonsense or without a folder', () => {
    writeFileSync(join(folder, 'window.json'), '{"bounds": 5}');
    expect(recall(folder)).toEqual(FIRST_WINDOW);
    expect(recall(join(folder, 'gone'))).toEqual(FIRST_WINDOW);
    expect(() => remember(join(folder, 'gone'), FIRST_WINDOW)).not.toThrow();
  });
});

describe('the place of the window', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const bounds = { x: 100, y: 100, width: 800, height: 600 };
  it('is kept while it can be reached', () => {
    expect(onScreen(bounds, [screen])).toEqual(bounds);
    expect(onScreen({ ...bounds, x: -600 }, [screen])).not.toBeNull();
  });
  it('is given up when its screen is gone', () => {
    expect(onScreen({ ...bounds, x: 2500 }, [screen])).toBeNull();
    expect(onScreen({ ...bounds, y: -400 }, [screen])).toBeNull();
    expect(onScreen(bounds, [])).toBeNull();
    expect(onScreen(null, [screen])).toBeNull();
  });
});
