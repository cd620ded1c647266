import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachmentName, isImage, mediaTypeOf } from './attachment.ts';

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe('the media type', () => {
  it.each([
    ['\x89PNG\r\n\x1a\nrest', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['GIF87a..', 'image/gif'],
    ['GIF89a..', 'image/gif'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'image/webp'],
    ['RIFF\0\0\0\0WAVE', 'application/octet-stream'],
    ['<svg xmlns="http://www.w3.org/2000/svg">', 'application/octet-stream'],
    ['<!doctype html><script>', 'application/octet-stream'],
    ['', 'application/octet-stream'],
    ['\x89PN', 'application/octet-stream'],
  ])('of %j is %s', (content, type) => {
    expect(mediaTypeOf(bytes(content))).toBe(type);
    expect(isImage(type)).toBe(type.startsWith('image/'));
  });
});

describe('the name', () => {
  it.each([
    ['shot.png', 'shot.png'],
    ['/etc/passwd', 'passwd'],
    ['..\\..\\evil.exe', 'evil.exe'],
    ['..', 'attachment'],
    ['a/', 'attachment'],
    ['invoice\u202egnp.exe', 'invoicegnp.exe'],
    ['a<b>:c?.txt', 'abc.txt'],
    [' . ', 'attachment'],
  ])('%j becomes %j', (given, name) => {
    expect(attachmentName(given)).toBe(name);
  });

  it('can always be shown and saved, and keeps a short ending', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        const name = attachmentName(given);
        expect(name).not.toBe('');
        expect(name.length).toBeLessThanOrEqual(120);
        expect(name).not.toMatch(/[/\\\p{Cc}\p{Cf}]/u);
        expect(attachmentName(name)).toBe(name);
      }),
    );
    expect(attachmentName(`${'x'.repeat(300)}.png`)).toMatch(/^x{116}\.png$/);
  });
});
