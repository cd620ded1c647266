import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noFilters } from '../../core/library/filters.ts';
import { MusterError } from '../../core/problem.ts';
import { openLibraryIndex } from '../../store/library-index.ts';
import { Catalogue } from './catalogue.ts';
import * as opening from './open-runbook.ts';
import { scanFolder } from './scan.ts';

vi.mock('./open-runbook.ts', { spy: true });

let root = '';
let home = '';
const opened: Catalogue[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-test-'));
  home = mkdtempSync(join(tmpdir(), 'muster-test-'));
});
afterEach(() => {
  for (const catalogue of opened.splice(0)) catalogue.close();
  vi.mocked(opening.openRunbook).mockReset();
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

function begin(version = '1', folder = home): Catalogue {
  const catalogue = new Catalogue(() => openLibraryIndex(folder, version));
  opened.push(catalogue);
  return catalogue;
}

const files = async () => (await scanFolder(root)).files;
const onward = () => true;
async function titles(catalogue: Catalogue): Promise<string[]> {
  const found = await files();
  await catalogue.learn(found, onward);
  return catalogue.list(found).entries.map((entry) => entry.title);
}
const hits = (catalogue: Catalogue, query: string): string[] =>
  catalogue.search(query, noFilters, 10).hits.map(({ entry }) => entry.title);

describe('the catalogue of runbooks', () => {
  it('reads a file once until it changes', async () => {
    const path = join(root, 'a.md');
    writeFileSync(path, '# First\n');
    const open = vi.mocked(opening.openRunbook).mockClear();
    const catalogue = begin();
    expect(await titles(catalogue)).toEqual(['First']);
    expect(await titles(catalogue)).toEqual(['First']);
    expect(open).toHaveBeenCalledTimes(1);
    writeFileSync(path, '# Second\n');
    utimesSync(path, new Date(), new Date(Date.now() + 5_000));
    expect(await titles(catalogue)).toEqual(['Second']);
    expect(open).toHaveBeenCalledTimes(2);
    expect(hits(catalogue, 'first')).toEqual([]);
    expect(hits(catalogue, 'second')).toEqual(['Second']);
  });

  it('knows at the next start what it learned, but not from another version', async () => {
    writeFileSync(join(root, 'a.md'), '# Kept\n');
    const first = begin();
    await titles(first);
    first.close();
    const open = vi.mocked(opening.openRunbook).mockClear();
    const second = begin();
    expect(second.remembered().map(({ path }) => path)).toEqual([join(root, 'a.md')]);
    expect(await titles(second)).toEqual(['Kept']);
    expect(hits(second, 'kept')).toEqual(['Kept']);
    expect(open).not.toHaveBeenCalled();
    second.close();
    expect(await titles(begin('2'))).toEqual(['Kept']);
    expect(open).toHaveBeenCalledOnce();
  });

  it('does without a memory that is nonsense or cannot be written', async () => {
    writeFileSync(join(root, 'a.md'), '# Here\n');
    writeFileSync(join(home, 'library.db'), 'nonsense, and not a little of it '.repeat(100));
    expect(await titles(begin())).toEqual(['Here']);
    expect(hits(opened[0] ?? begin(), 'here')).toEqual(['Here']);
    expect(statSync(join(home, 'library.db')).mode & 0o077).toBe(0);
    expect(await titles(begin('1', join(home, 'gone')))).toEqual(['Here']);
  });

  it('lists without an index, and says that nothing can be found', async () => {
    writeFileSync(join(root, 'a.md'), '# Here\n');
    const catalogue = new Catalogue(() => {
      throw new Error('no SQLite here');
    });
    expect(await titles(catalogue)).toEqual(['Here']);
    expect(() => hits(catalogue, 'here')).toThrow(MusterError);
  });

  it('lists the rest beside a file that cannot be read', async () => {
    writeFileSync(join(root, 'a.md'), '# Good\n');
    writeFileSync(join(root, 'b.md'), Buffer.from([0, 1, 2]));
    const catalogue = begin();
    expect(await titles(catalogue)).toEqual(['Good']);
    expect(catalogue.list(await files()).problems).toMatchObject([{ code: 'not-text' }]);
  });

  it('finds words of a file in Latin-1', async () => {
    writeFileSync(join(root, 'a.md'), Buffer.from('# Gerät prüfen\n', 'latin1'));
    const catalogue = begin();
    expect(await titles(catalogue)).toEqual(['Gerät prüfen']);
    expect(hits(catalogue, 'prufen')).toEqual(['Gerät prüfen']);
  });

  it('stops reading when nobody wants more, and goes on later', async () => {
    for (let i = 0; i < 6; i += 1) writeFileSync(join(root, `${i}.md`), `# ${i}\n`);
    const catalogue = begin();
    let read = 0;
    await catalogue.learn(await files(), () => {
      read += 1;
      return read < 3;
    });
    expect(catalogue.list(await files()).entries).toHaveLength(3);
    expect(await titles(catalogue)).toHaveLength(6);
  });

  it('forgets what is not in the library any more', async () => {
    writeFileSync(join(root, 'a.md'), '# Stays\n');
    writeFileSync(join(root, 'b.md'), '# Goes\n');
    const catalogue = begin();
    await titles(catalogue);
    catalogue.keepOnly(new Set([join(root, 'a.md')]));
    expect(hits(catalogue, 'goes')).toEqual([]);
    expect(catalogue.remembered()).toHaveLength(1);
  });
});
