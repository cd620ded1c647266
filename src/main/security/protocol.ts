import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { APP_SCHEME, assetPath, contentType } from './asset-path.ts';
import { SECURITY_HEADERS } from './policy.ts';

/** Must be called before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the files in `folder` as `muster://app/…`, and nothing else. */
export function serveApp(folder: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const file = request.method === 'GET' ? assetPath(request.url, folder) : null;
    if (file === null) return refused(403);
    try {
      const headers = { ...SECURITY_HEADERS, 'Content-Type': contentType(file) };
      return new Response(new Uint8Array(await readFile(file)), { headers });
    } catch {
      return refused(404);
    }
  });
}

function refused(status: number): Response {
  return new Response(null, { status, headers: SECURITY_HEADERS });
}
