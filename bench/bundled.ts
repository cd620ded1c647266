import { join } from 'node:path';
import { build } from 'vite';

/**
 * Builds `bench/NAME.ts` as Muster is shipped: bundled, without types to strip, and with the thread
 * for digests in its place. Returns the program's path; it lies in `folder`.
 */
export async function bundled(folder: string, name: string): Promise<string> {
  const root = join(import.meta.dirname, '..');
  await build({
    configFile: false,
    logLevel: 'silent',
    root,
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: {
        input: {
          [`main/${name}`]: join(import.meta.dirname, `${name}.ts`),
          'main/digest-worker': join(root, 'src/engine/objects/digest-worker.ts'),
        },
      },
    },
    ssr: { noExternal: true },
  });
  return join(folder, 'main', `${name}.js`);
}
