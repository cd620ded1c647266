import { readFileSync } from 'node:fs';
import { type ProtocolRequest, type ProtocolResponse, protocol } from 'electron';
import { APP_SCHEME, assetPath, contentType } from './asset-path.ts';
import { SECURITY_HEADERS } from './policy.ts';

/** Must be called before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/**
 * Serves the files in `folder` as `muster://app/…`, and nothing else; `served` hears the
 * address of each. Not with `protocol.handle`:
 * that loads Node's whole HTTP client for its `Request` and `Response`, which costs a tenth of the
 * time until the window answers.
 */
export function serveApp(folder: string, served: (url: string) => void): void {
  protocol.registerBufferProtocol(APP_SCHEME, (request, respond) => {
    respond(answer(request, folder));
    served(request.url);
  });
}

/**
 * Reads at once: the files are small and near, and a page waits for them. With promises each of the
 * four steps of reading one would wait for its turn in the browser's own loop.
 */
function answer(
  { method, url }: ProtocolRequest,
  folder: string,
): ProtocolResponse & { data: Buffer } {
  const file = method === 'GET' ? assetPath(url, folder) : null;
  if (file === null) return refused(403);
  try {
    const headers = { ...SECURITY_HEADERS, 'Content-Type': contentType(file) };
    return { data: readFileSync(file), headers };
  } catch {
    return refused(404);
  }
}

function refused(statusCode: number): ProtocolResponse & { data: Buffer } {
  return { statusCode, data: Buffer.alloc(0), headers: { ...SECURITY_HEADERS } };
}
