import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noFilters } from '../../core/library/filters.ts';
import { Catalogue } from '../../engine/library/catalogue.ts';
import { openLibraryIndex } from '../../store/library-index.ts';
import { Shelf } from './shelf.ts';

let root = '';
let added: string[] | null = [];
let singles: string[] = [];
const changed = vi.fn();
const catalogues: Catalogue[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-test-'));
  for (const name of ['bundled', 'team', 'home']) mkdirSync(join(root, name));
  writeFileSync(join(root, 'bundled', 'b.md'), '# Bundled\n');
  writeFileSync(join(root, 'team', 't.md'), '# Team\n');
  added = [join(root, 'team')];
  singles = [];
  changed.mockClear();
});
afterEach(() => {
  for (const catalogue of catalogues.splice(0)) catalogue.close();
  rmSync(root, { recursive: true, force: true });
});

function begin(): { shelf: Shelf; catalogue: Catalogue; titles: (folder: string) => string[] } {
  const catalogue = new Catalogue(() => openLibraryIndex(join(root, 'home'), '1'));
  catalogues.push(catalogue);
  const shelf = new Shelf({
    catalogue,
    bundled: join(root, 'bundled'),
    folders: () => added,
    singles: () => singles,
    changed,
  });
  const titles = (folder: string) =>
    catalogue.list(shelf.folder(join(root, folder)).files).entries.map(({ title }) => title);
  return { shelf, catalogue, titles };
}

describe('the shelf', () => {
  it('tells only when a look found something else', async () => {
    const { shelf, titles } = begin();
    await shelf.look();
    // A long look tells more than once, and on a busy machine any look is long.
    expect(changed).toHaveBeenCalled();
    expect(titles('team')).toEqual(['Team']);
    changed.mockClear();
    await shelf.look();
    expect(changed).not.toHaveBeenCalled();
    writeFileSync(join(root, 'team', 't.md'), '# Other\n');
    utimesSync(join(root, 'team', 't.md'), new Date(), new Date(Date.now() + 5_000));
    await shelf.look();
    expect(changed).toHaveBeenCalled();
    expect(titles('team')).toEqual(['Other']);
  });

  it('answers at the next start before it looked, and is quiet when that was right', async () => {
    const first = begin();
    await first.shelf.look();
    first.catalogue.close();
    changed.mockClear();
    const { shelf, titles } = begin();
    expect(shelf.knows(join(root, 'team'))).toBe(true);
    expect(titles('team')).toEqual(['Team']);
    expect(shelf.single(join(root, 'team', 't.md'))).not.toBeNull();
    await shelf.look();
    expect(changed).not.toHaveBeenCalled();
    expect(shelf.knows(join(root, 'elsewhere'))).toBe(false);
  });

  it('lets go of what left the library, on disk and in the index', async () => {
    const { shelf, catalogue, titles } = begin();
    await shelf.look();
    added = [];
    await shelf.look();
    expect(titles('team')).toEqual([]);
    expect(catalogue.search('team', noFilters, 5).hits).toEqual([]);
    expect(catalogue.search('bundled', noFilters, 5).hits).toHaveLength(1);
  });

  it('forgets nothing while nobody can say what the library holds', async () => {
    const { shelf, catalogue } = begin();
    await shelf.look();
    added = null;
    await shelf.look();
    expect(catalogue.search('team', noFilters, 5).hits).toHaveLength(1);
  });

  it('knows single runbooks wherever they lie, and those that are gone', async () => {
    const alone = join(root, 'alone.md');
    writeFileSync(alone, '# Alone\n');
    singles = [alone, join(root, 'never.md')];
    const { shelf, catalogue } = begin();
    await shelf.look();
    const file = shelf.single(alone);
    expect(file && catalogue.list([file]).entries).toMatchObject([{ title: 'Alone' }]);
    expect(shelf.single(join(root, 'never.md'))).toBeNull();
    expect(shelf.single(join(root, 'team', 't.md'))).not.toBeNull();
    rmSync(alone);
    await shelf.look();
    expect(shelf.single(alone)).toBeNull();
  });

  it('looks once more after a look that was under way', async () => {
    const { shelf, titles } = begin();
    const looking = shelf.look();
    writeFileSync(join(root, 'team', 'later.md'), '# Later\n');
    await Promise.all([looking, shelf.look()]);
    expect(titles('team')).toEqual(['Later', 'Team']);
  });
});
