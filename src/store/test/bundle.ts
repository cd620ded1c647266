import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/**
 * Builds one of the programs beside this file as the app is built, so that a test runs it in a
 * process of its own with the migrations bundled. Returns the path to give to Node.
 */
export async function bundle(name: string, outDir: string): Promise<string> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    build: { ssr: join(here, `${name}.ts`), outDir, minify: false, emptyOutDir: false },
  });
  symlinkSync(join(here, '../../../node_modules'), join(outDir, 'node_modules'));
  return join(outDir, `${name}.js`);
}
