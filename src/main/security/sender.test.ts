import { describe, expect, it } from 'vitest';
import { isOwnPage, isTrusted } from './sender.ts';

const good = { frameUrl: 'muster://app/index.html', isTopFrame: true, isOurWindow: true };

describe('the sender of a request', () => {
  it('is trusted when it is our page in our window', () => {
    expect(isTrusted(good, null)).toBe(true);
  });

  it.each([
    ['a frame inside the page', { ...good, isTopFrame: false }],
    ['a page in another window', { ...good, isOurWindow: false }],
    ['a frame that is gone', { ...good, frameUrl: null }],
    ['a page from the web', { ...good, frameUrl: 'https://app/index.html' }],
    ['another host of our scheme', { ...good, frameUrl: 'muster://other/index.html' }],
    ['a host that only begins like ours', { ...good, frameUrl: 'muster://app.example/index.html' }],
    ['a file', { ...good, frameUrl: 'file:///app/index.html' }],
    ['a blank page', { ...good, frameUrl: 'about:blank' }],
    ['a data page', { ...good, frameUrl: 'data:text/html,muster://app' }],
    ['nonsense', { ...good, frameUrl: '' }],
  ])('is refused when it is %s', (_what, sender) => {
    expect(isTrusted(sender, null)).toBe(false);
  });

  it('may be the development server, and only that one', () => {
    const server = 'http://localhost:5173';
    expect(isOwnPage('http://localhost:5173/index.html', server)).toBe(true);
    expect(isOwnPage('http://localhost:5174/index.html', server)).toBe(false);
    expect(isOwnPage('http://localhost:5173.example.org/', server)).toBe(false);
    expect(isOwnPage('http://localhost:5173/index.html', null)).toBe(false);
  });
});
