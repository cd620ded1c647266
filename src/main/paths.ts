import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { makeFolder } from '../store/make-folder.ts';

/** The folder that holds `out/`: the checkout, or the app inside a package. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The runbooks that come with Muster. In a package they lie beside the app, so that tools can read them. */
export function bundledRunbooks(): string {
  return app.isPackaged ? join(process.resourcesPath, 'runbooks') : join(root, 'runbooks');
}

/**
 * Where the browser part keeps its own files: below Muster's home, so that each home is an instance
 * of its own. A home that cannot be written gets a temporary one, so that the window still opens
 * and can say so.
 */
export function browserFolder(home: string): string {
  const folder = join(home, 'window');
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    const temporary = mkdtempSync(join(tmpdir(), 'muster-window-'));
    process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));
    return temporary;
  }
}
