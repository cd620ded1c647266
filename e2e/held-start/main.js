// Playwright attaches while the app is starting. If a page is just being loaded then, it sometimes
// misses the page and waits for ever. Its own loader holds `ready` back until it has attached, but
// it uses that only for an Electron it finds by itself; here it is used for any.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const playwright = dirname(require.resolve('playwright-core/package.json'));
require(join(playwright, 'lib/server/electron/loader.js'));

await import(new URL('../../out/main/index.js', import.meta.url).href);
