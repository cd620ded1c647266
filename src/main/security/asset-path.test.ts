import { describe, expect, it } from 'vitest';
import { assetPath, contentType } from './asset-path.ts';

const folder = '/app/out/renderer';

describe('the address of a file of the app', () => {
  it('leads to the file in the folder', () => {
    expect(assetPath('muster://app/index.html', folder)).toBe('/app/out/renderer/index.html');
    expect(assetPath('muster://app/assets/a%20b.js?x#y', folder)).toBe(
      '/app/out/renderer/assets/a b.js',
    );
  });

  it.each([
    'muster://app/../../etc/passwd',
    'muster://app/..%2f..%2f..%2fetc/passwd',
    'muster://app/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    'muster://app/assets/..%2F..%2F..%2F..%2Fetc%2Fpasswd',
    'muster://app/..%5c..%5cetc%5cpasswd',
    'muster://app//etc/passwd',
    'muster://app/%2fetc/passwd',
    'muster://app/..',
    'muster://app/%2e%2e%2frenderer-other/file.js',
  ])('stays in the folder: %s', (url) => {
    const path = assetPath(url, folder);
    expect(path === null || path.startsWith(`${folder}/`)).toBe(true);
  });

  it.each([
    'muster://app/',
    'muster://other/index.html',
    'muster://app:80/index.html',
    'file:///etc/passwd',
    'https://app/index.html',
    'muster://app/%00index.html',
    'muster://app/%E0%A4%A',
    'muster://app/a%5cb.js',
    'not an address',
  ])('is refused: %s', (url) => {
    expect(assetPath(url, folder)).toBeNull();
  });

  it('has the type of its extension', () => {
    expect(contentType('/a/index.html')).toBe('text/html; charset=utf-8');
    expect(contentType('/a/x.min.js')).toBe('text/javascript; charset=utf-8');
    expect(contentType('/a/Inter.woff2')).toBe('font/woff2');
    expect(contentType('/a/none')).toBe('application/octet-stream');
  });
});
