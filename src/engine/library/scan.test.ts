import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scanFolder } from './scan.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '# x\n');
  }
}

async function found(): Promise<string[]> {
  const scan = await scanFolder(root);
  return scan.files.map((file) => file.path.slice(root.length + 1));
}

describe('the scan of a folder', () => {
  it('finds Markdown at every depth, in order', async () => {
    put('b.md', 'a/deep/down/c.markdown', 'a/D.MD', 'a/notes.txt', 'README');
    expect(await found()).toEqual(['a/D.MD', 'a/deep/down/c.markdown', 'b.md']);
  });

  it('passes over what belongs to others', async () => {
    put('node_modules/x/README.md', '.git/x.md', 'kept/.hidden/x.md');
    expect(await found()).toEqual(['kept/.hidden/x.md']);
  });

  it('looks into a folder once, however many links lead to it', async () => {
    put('a/x.md');
    symlinkSync(root, join(root, 'a', 'loop'));
    symlinkSync(join(root, 'a'), join(root, 'again'));
    const files = await found();
    expect(files.filter((file) => file.endsWith('x.md'))).toHaveLength(1);
  });

  it('follows a link to a file', async () => {
    put('real/x.md');
    symlinkSync(join(root, 'real', 'x.md'), join(root, 'link.md'));
    expect(await found()).toEqual(['link.md', 'real/x.md']);
  });

  it('says what it cannot read and lists the rest', async () => {
    put('x.md');
    symlinkSync(join(root, 'nowhere.md'), join(root, 'broken.md'));
    symlinkSync('self.md', join(root, 'self.md'));
    const scan = await scanFolder(root);
    expect(scan.files).toHaveLength(1);
    expect(scan.problems).toMatchObject([
      { code: 'library-unreadable', what: expect.stringMatching(/broken\.md is not there\.$/) },
      { code: 'library-unreadable', what: expect.stringMatching(/self\.md is a link that leads/) },
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('tells of a folder without permission', async () => {
    put('x.md', 'closed/y.md');
    chmodSync(join(root, 'closed'), 0);
    const scan = await scanFolder(root);
    chmodSync(join(root, 'closed'), 0o700);
    expect(scan.files).toHaveLength(1);
    expect(scan.problems).toMatchObject([{ code: 'library-unreadable' }]);
  });

  it('tells of a folder that is gone', async () => {
    const scan = await scanFolder(join(root, 'gone'));
    expect(scan).toMatchObject({ files: [], folders: [] });
    expect(scan.problems[0]?.what).toContain('is not there');
  });

  it('ends at its limits and says so', async () => {
    put('a.md', 'b.md', 'c.md', 'one/two/three/d.md');
    const few = await scanFolder(root, { files: 2, depth: 16 });
    expect(few.files.map(({ path }) => path)).toEqual([join(root, 'a.md'), join(root, 'b.md')]);
    expect(few.problems[0]?.code).toBe('library-too-large');
    const flat = await scanFolder(root, { files: 100, depth: 1 });
    expect(flat.files).toHaveLength(3);
    expect(flat.problems[0]?.code).toBe('library-too-deep');
  });
});
