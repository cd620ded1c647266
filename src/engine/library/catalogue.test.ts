import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Catalogue } from './catalogue.ts';
import * as opening from './open-runbook.ts';
import { scanFolder } from './scan.ts';

vi.mock('./open-runbook.ts', { spy: true });

let root = '';
let kept = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-test-'));
  kept = join(root, 'library.json');
});
afterEach(() => {
  vi.mocked(opening.openRunbook).mockReset();
  rmSync(root, { recursive: true, force: true });
});

const files = async () => (await scanFolder(root)).files;
const titles = async (catalogue: Catalogue) =>
  (await catalogue.list(await files())).entries.map((entry) => entry.title);

describe('the catalogue of runbooks', () => {
  it('reads a file once until it changes', async () => {
    const path = join(root, 'a.md');
    writeFileSync(path, '# First\n');
    const open = vi.mocked(opening.openRunbook).mockClear();
    const catalogue = new Catalogue(kept, '1');
    expect(await titles(catalogue)).toEqual(['First']);
    expect(await titles(catalogue)).toEqual(['First']);
    expect(open).toHaveBeenCalledTimes(1);
    writeFileSync(path, '# Second\n');
    utimesSync(path, new Date(), new Date(Date.now() + 5_000));
    expect(await titles(catalogue)).toEqual(['Second']);
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('knows at the next start what it learned, but not from another version', async () => {
    writeFileSync(join(root, 'a.md'), '# Kept\n');
    await titles(new Catalogue(kept, '1'));
    const open = vi.mocked(opening.openRunbook).mockClear();
    expect(await titles(new Catalogue(kept, '1'))).toEqual(['Kept']);
    expect(open).not.toHaveBeenCalled();
    expect(await titles(new Catalogue(kept, '2'))).toEqual(['Kept']);
    expect(open).toHaveBeenCalledOnce();
  });

  it('does without a memory that is nonsense or cannot be written', async () => {
    writeFileSync(join(root, 'a.md'), '# Here\n');
    writeFileSync(kept, '{"version":"1","files":[{}]}');
    expect(await titles(new Catalogue(kept, '1'))).toEqual(['Here']);
    expect(readFileSync(kept, 'utf8')).toContain('Here');
    expect(await titles(new Catalogue(join(root, 'gone', 'x.json'), '1'))).toEqual(['Here']);
    expect(statSync(kept).mode & 0o077).toBe(0);
  });

  it('lists the rest beside a file that cannot be read', async () => {
    writeFileSync(join(root, 'a.md'), '# Good\n');
    writeFileSync(join(root, 'b.md'), Buffer.from([0, 1, 2]));
    const listing = await new Catalogue(kept, '1').list(await files());
    expect(listing.entries).toHaveLength(1);
    expect(listing.problems).toMatchObject([{ code: 'not-text' }]);
    expect(listing.complete).toBe(true);
  });

  it('answers with what it has when reading takes long', async () => {
    for (let i = 0; i < 6; i += 1) writeFileSync(join(root, `${i}.md`), `# ${i}\n`);
    const { openRunbook } = await vi.importActual<typeof opening>('./open-runbook.ts');
    vi.mocked(opening.openRunbook).mockImplementation(async (path) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return openRunbook(path);
    });
    const catalogue = new Catalogue(kept, '1');
    const first = await catalogue.list(await files());
    expect(first.complete).toBe(false);
    expect(first.entries.length).toBeGreaterThan(0);
    let last = first;
    for (let turn = 0; turn < 6 && !last.complete; turn += 1) {
      last = await catalogue.list(await files());
    }
    expect(last.entries).toHaveLength(6);
  });
});
