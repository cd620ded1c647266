import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { FileWatch } from './file-watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-file-watch-'));
const path = join(folder, 'a.md');
const told: string[] = [];
const watch = new FileWatch((changed) => told.push(changed), 300);

afterEach(() => {
  watch.close();
  rmSync(folder, { recursive: true, force: true });
});

const toldTimes = (times: number) => vi.waitFor(() => expect(told).toHaveLength(times), 5_000);

test('tells each change of the one file, however it is saved, and when it goes and comes', async () => {
  writeFileSync(path, 'one');
  watch.watch(path);
  await delay(100);
  writeFileSync(join(folder, 'b.md'), 'other');
  writeFileSync(path, 'one more');
  await toldTimes(1);
  writeFileSync(`${path}.new`, 'one more time');
  renameSync(`${path}.new`, path);
  await toldTimes(2);
  rmSync(path);
  await toldTimes(3);
  writeFileSync(path, 'back');
  await toldTimes(4);
  expect(new Set(told)).toEqual(new Set([path]));
});

test('a change is told also when the file was asked for again before', async () => {
  const [file, changes] = [join(folder, 'c.md'), vi.fn()];
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, 'one');
  const other = new FileWatch(changes, 300);
  other.watch(file);
  await delay(100);
  writeFileSync(file, 'one more');
  other.watch(file);
  await vi.waitFor(() => expect(changes).toHaveBeenCalledWith(file), 5_000);
  other.close();
});
