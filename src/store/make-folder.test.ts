import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a folder that is made', () => {
  it('is there with those above it, for this person alone, also the second time', () => {
    const folder = join(root, 'a', 'b', 'c');
    makeFolder(folder);
    makeFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('is refused where a file stands in its way', () => {
    writeFileSync(join(root, 'a'), '');
    expect(() => makeFolder(join(root, 'a', 'b'))).toThrow(/ENOTDIR|EEXIST/);
  });

  it.runIf(process.platform === 'linux')('is refused where the system makes none', () => {
    expect(() => makeFolder('/proc/muster/home')).toThrow(/ENOENT|EACCES|EPERM/);
  });
});
