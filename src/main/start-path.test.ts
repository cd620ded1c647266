import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * What is loaded before the first screen stands: everything that is imported, and not only as a
 * type, from the window's and its backend's beginning. Loading anything else later is `import()`.
 */
const src = join(import.meta.dirname, '..');

/** Packages that the first screen cannot do without. One more is a decision about the start. */
const NEEDED: Record<string, readonly string[]> = {
  'main/index.ts': ['electron'],
  'main/backend.ts': ['better-sqlite3', 'electron', 'zod'],
  'renderer/main.tsx': ['@tanstack/react-virtual', 'react', 'react-dom', 'zod', 'zustand'],
};

/** Statements that load: `import … from`, `import '…'`, `export … from`, of more than types. */
const LOADS = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;

/** Files of ours and names of packages that `file` loads, all the way. */
function loadedFrom(file: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(LOADS)) {
      if (name.startsWith('node:') || /\.(css|sql\?raw|json)$/.test(name)) continue;
      if (name.startsWith('.')) visit(resolve(dirname(path), name));
      else packages.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
    }
  };
  visit(join(src, file));
  return { files, packages };
}

describe('the way to the first screen', () => {
  it.each(Object.entries(NEEDED))(
    'loads from %s no other package than it needs',
    (file, needed) => {
      expect([...loadedFrom(file).packages].sort()).toEqual(needed);
    },
  );

  it('builds no schemas of runbooks and runs for the page', () => {
    const files = [...loadedFrom('renderer/main.tsx').files].map((path) => relative(src, path));
    expect(files).toContain(join('shared', 'first-screen.ts'));
    expect(files).not.toContain(join('shared', 'ipc.ts'));
    expect(files).not.toContain(join('core', 'runbook', 'model.ts'));
    expect(files).not.toContain(join('core', 'run', 'events.ts'));
  });

  it('loads neither engine nor parser', () => {
    const files = [...loadedFrom('main/backend.ts').files].map((path) => relative(src, path));
    expect(files).toContain(join('store', 'open.ts'));
    expect(files).not.toContain(join('engine', 'engine.ts'));
    expect(files).not.toContain(join('core', 'runbook', 'parse.ts'));
  });
});
