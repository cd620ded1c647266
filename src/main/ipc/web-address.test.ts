import { describe, expect, it } from 'vitest';
import { webAddress } from './web-address.ts';

describe('an address to open in the browser', () => {
  it('may be http or https', () => {
    expect(webAddress('https://example.org/a?b#c')).toBe('https://example.org/a?b#c');
    expect(webAddress('HTTP://example.org')).toBe('http://example.org/');
  });
  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'muster://app/index.html',
    'ssh://host',
    'smb://host/share',
    'https://bank.example@evil.example/',
    'example.org',
    '',
  ])('is refused: %s', (url) => {
    expect(webAddress(url)).toBeNull();
  });
});
