import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FolderWatch } from './folder-watch.ts';

let root = '';
const changed = vi.fn();
let folders: FolderWatch;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-test-'));
  mkdirSync(join(root, 'a'));
  changed.mockClear();
  folders = new FolderWatch(changed);
});
afterEach(() => {
  folders.close();
  rmSync(root, { recursive: true, force: true });
});

it('tells of changes together, a moment later', async () => {
  folders.watch([join(root, 'a')]);
  for (let i = 0; i < 5; i += 1) writeFileSync(join(root, 'a', `${i}.md`), 'x');
  await vi.waitFor(() => expect(changed).toHaveBeenCalled(), 3_000);
  expect(changed).toHaveBeenCalledOnce();
});

it('lets go of folders that are not wanted any more', async () => {
  folders.watch([join(root, 'a')]);
  folders.watch([]);
  writeFileSync(join(root, 'a', 'x.md'), 'x');
  await delay(400);
  expect(changed).not.toHaveBeenCalled();
});

it('does without a folder that is not there', () => {
  expect(() => folders.watch([join(root, 'gone')])).not.toThrow();
});

it('looks from time to time where there are more folders than can be watched', async () => {
  const impatient = new FolderWatch(changed, 50);
  impatient.watch(Array.from({ length: 2_001 }, (_, number) => join(root, `none-${number}`)));
  await vi.waitFor(() => expect(changed).toHaveBeenCalled(), 2_000);
  impatient.watch([]);
  impatient.close();
});
