import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

// The oldest runtime that the code must run on: Electron 33, which the tests
// use where Electron's own download cannot be had (docs/decisions/test-runtime.md).
const nodeTarget = 'node20.18';
const chromeTarget = 'chrome130';

/** What Rollup knows of a module, as far as it is asked here. */
interface Modules {
  getModuleInfo(id: string): { isEntry: boolean; importers: readonly string[] } | null;
}

const first = new Map<string, boolean>();

/** True for a module that the page's beginning imports, all the way, and not with `import()`. */
function isFirst(id: string, modules: Modules): boolean {
  const known = first.get(id);
  if (known !== undefined) return known;
  // Also the answer for a circle of imports, until another way into it is found.
  first.set(id, false);
  const info = modules.getModuleInfo(id);
  const is =
    info !== null && (info.isEntry || info.importers.some((from) => isFirst(from, modules)));
  first.set(id, is);
  return is;
}

/** The page's own font comes while its code does, so that its first drawing has it already. */
const fontAtOnce: Plugin = {
  name: 'font-at-once',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((name) => /\/inter-latin-wght-normal-.*\.woff2$/.test(name))
        .map((name) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', crossorigin: true, href: `./${name}` },
          injectTo: 'head-prepend',
        })),
  },
};

export default defineConfig({
  main: {
    build: {
      // The app and the CLI are one build, so that they share their chunks. All
      // files land one folder below out/, so that '../..' from any of them is the root.
      outDir: 'out',
      emptyOutDir: false,
      sourcemap: true,
      minify: false,
      target: nodeTarget,
      // Bundled code starts faster than a thousand small files; only the native
      // modules have to stay what they are.
      externalizeDeps: false,
      rollupOptions: {
        input: {
          'main/index': 'src/main/index.ts',
          'main/pty-host': 'src/main/pty-host.ts',
          'main/parse-worker': 'src/engine/library/parse-worker.ts',
          'main/digest-worker': 'src/engine/objects/digest-worker.ts',
          'main/export-worker': 'src/engine/export-worker.ts',
          'cli/muster': 'src/cli/index.ts',
        },
        external: ['better-sqlite3', '@lydell/node-pty'],
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          assetFileNames: 'assets/[name]-[hash][extname]',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      sourcemap: true,
      target: nodeTarget,
      // A sandboxed preload script can require nothing but electron itself.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), fontAtOnce],
    build: {
      outDir: 'out/renderer',
      sourcemap: true,
      // The window waits for this code at each start.
      minify: true,
      target: chromeTarget,
      rollupOptions: {
        input: 'src/renderer/index.html',
        output: {
          // One file for the first screen: each one more is a request to the process that is
          // loading its own code meanwhile.
          codeSplitting: {
            groups: [{ name: (id, context) => (isFirst(id, context) ? 'first' : null) }],
          },
        },
      },
    },
  },
});
