import { describe, expect, test } from 'vitest';
import { proxyFromEnvironment } from './proxy.ts';

describe('the proxy of the environment', () => {
  const env = (noProxy: string) => ({ HTTPS_PROXY: 'proxy.example:3128', NO_PROXY: noProxy });

  test.each([
    ['https://api.example:6443', '', 'http://proxy.example:3128'],
    ['https://api.example:6443', 'other.example', 'http://proxy.example:3128'],
    ['https://api.example:6443', 'api.example', undefined],
    ['https://api.example:6443', 'example', undefined],
    ['https://api.example:6443', '.example', undefined],
    ['https://example', '.example', 'http://proxy.example:3128'],
    ['https://api.example:6443', 'api.example:443', 'http://proxy.example:3128'],
    ['https://api.example:6443', 'a, api.example:6443', undefined],
    ['https://10.1.2.3:6443', '10.0.0.0/8', undefined],
    ['https://11.1.2.3:6443', '10.0.0.0/8', 'http://proxy.example:3128'],
    ['https://api.example:6443', '*', undefined],
    ['https://127.0.0.1:6443', '', undefined],
    ['https://localhost:6443', '', undefined],
  ])('for %s without %j is %s', (server, noProxy, expected) => {
    expect(proxyFromEnvironment(server, env(noProxy))).toBe(expected);
  });

  test('is read in small letters too, and by the scheme of the server', () => {
    expect(proxyFromEnvironment('https://a.example', { https_proxy: 'http://p' })).toBe('http://p');
    expect(proxyFromEnvironment('https://a.example', { HTTP_PROXY: 'http://p' })).toBeUndefined();
    expect(proxyFromEnvironment('https://a.example', {})).toBeUndefined();
  });
});
