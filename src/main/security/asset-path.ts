import { resolve, sep } from 'node:path';

/** The scheme and host that the window's own files are served under. */
export const APP_SCHEME = 'muster';
export const APP_HOST = 'app';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** The file inside `folder` that a URL asks for, or null when it asks for anything else. */
export function assetPath(url: string, folder: string): string | null {
  let path: string;
  try {
    const parsed = new URL(url);
    if (parsed.protocol !== `${APP_SCHEME}:` || parsed.host !== APP_HOST) return null;
    path = decodeURIComponent(parsed.pathname);
  } catch {
    return null;
  }
  // A backslash separates on Windows, and no file of ours has one or a NUL in its name.
  if (/[\\\0]/.test(path)) return null;
  const file = resolve(folder, `.${path}`);
  return file.startsWith(resolve(folder) + sep) ? file : null;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
  woff: 'font/woff',
};

export function contentType(file: string): string {
  return TYPES[/\.([a-z0-9]+)$/.exec(file)?.[1] ?? ''] ?? 'application/octet-stream';
}
