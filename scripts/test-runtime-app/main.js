// The test runtime comes without Electron's default app, the part that loads the folder named
// on the command line. This does the same, so that tests start it like any other Electron.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (given === undefined) throw new Error('Name the folder of the app to load.');

const folder = resolve(given);
const manifest = join(folder, 'package.json');
let main = folder;
if (existsSync(manifest)) {
  const {
    name,
    productName,
    version,
    main: entry = 'index.js',
  } = JSON.parse(readFileSync(manifest, 'utf8'));
  app.setName(productName ?? name ?? app.getName());
  // Not in the public API, but what the default app calls.
  const internal =
    /** @type {{ setVersion(version: string): void, setAppPath(path: string): void }} */ (
      /** @type {unknown} */ (app)
    );
  if (version) internal.setVersion(version);
  internal.setAppPath(folder);
  main = join(folder, entry);
}
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
// Electron holds back `ready` until its entry module has been evaluated. Waiting here keeps that
// true for the app, which has things to do before `ready`.
await import(pathToFileURL(main).href);
