import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const forbidden = [
  ['src/core/run', 'node:fs'],
  ['src/core/run', 'electron'],
  ['src/core/run', 'react'],
  ['src/core/run', 'better-sqlite3'],
  ['src/core/run', '../../engine/runner.ts'],
  ['src/core/run', '../../store/runs.ts'],
  ['src/core/run', '../../shared/ipc.ts'],
  ['src/shared', 'node:path'],
  ['src/shared', '../engine/runner.ts'],
  ['src/store', 'electron'],
  ['src/store', '../engine/runner.ts'],
  ['src/engine/steps', 'electron'],
  ['src/engine/steps', 'react'],
  ['src/engine/steps', '../../main/index.ts'],
  ['src/cli', 'electron'],
  ['src/cli', '../main/index.ts'],
  ['src/preload', 'node:fs'],
  ['src/preload', '../engine/runner.ts'],
  ['src/renderer/run', 'node:fs'],
  ['src/renderer/run', 'electron'],
  ['src/renderer/run', 'better-sqlite3'],
  ['src/renderer/run', '../../engine/runner.ts'],
  ['src/renderer/run', '../../store/runs.ts'],
  ['src/renderer/run', '../../main/index.ts'],
  ['src/main', '../renderer/app.tsx'],
] as const;

const allowed = [
  ['src/core/run', '../runbook/parse.ts'],
  ['src/core/run', 'zod'],
  ['src/core/run', 'remark-parse'],
  ['src/core/run', 'mdast-util-to-string'],
  ['src/shared', '../core/run/events.ts'],
  ['src/store', '../core/run/events.ts'],
  ['src/store', 'better-sqlite3'],
  ['src/engine/steps', '../../store/runs.ts'],
  ['src/engine/steps', 'node:child_process'],
  ['src/cli', '../engine/runner.ts'],
  ['src/preload', 'electron'],
  ['src/preload', '../shared/ipc.ts'],
  ['src/renderer/run', 'react'],
  ['src/renderer/run', '../../core/run/reduce.ts'],
  ['src/renderer/run', '../../shared/ipc.ts'],
  ['src/main', '../engine/runner.ts'],
  ['src/main', '../shared/ipc.ts'],
] as const;

const fileOf = ([folder, imported]: readonly [string, string]) =>
  `${folder}/imports-${imported.replace(/\W+/g, '-')}.ts`;

let tree = '';
let refused = new Set<string>();

// One file for each case in a tree of their own, linted in one go by our configuration.
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'muster-boundaries-'));
  copyFileSync(join(root, 'biome.json'), join(tree, 'biome.json'));
  for (const entry of [...forbidden, ...allowed]) {
    mkdirSync(join(tree, entry[0]), { recursive: true });
    writeFileSync(join(tree, fileOf(entry)), `import '${entry[1]}';\n`);
  }
  const { stdout } = spawnSync(
    join(root, 'node_modules/.bin/biome'),
    [
      'lint',
      '--only=style/noRestrictedImports',
      '--vcs-enabled=false',
      '--max-diagnostics=none',
      '--reporter=json',
      'src',
    ],
    { cwd: tree, encoding: 'utf8' },
  );
  const report = JSON.parse(stdout) as {
    diagnostics: { category: string; location: { path: string } }[];
  };
  refused = new Set(
    report.diagnostics
      .filter(({ category }) => category === 'lint/style/noRestrictedImports')
      .map(({ location }) => location.path),
  );
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

test.each(forbidden)('%s may not import %s', (folder, imported) => {
  expect(refused).toContain(fileOf([folder, imported]));
});

test.each(allowed)('%s may import %s', (folder, imported) => {
  expect(refused).not.toContain(fileOf([folder, imported]));
});
