/** The largest file that can be attached, in bytes. */
export const largestAttachment = 25_000_000;

export const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;
export type ImageType = (typeof imageTypes)[number];

/** The media type by the content alone: a name proves nothing, and nothing is ever taken for HTML. */
export function mediaTypeOf(bytes: Uint8Array): ImageType | 'application/octet-stream' {
  if (starts(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (starts(bytes, 0, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  // GIF87a, GIF89a
  if (starts(bytes, 0, [0x47, 0x49, 0x46, 0x38]) && starts(bytes, 5, [0x61])) return 'image/gif';
  // RIFF, four bytes of length, WEBP
  if (starts(bytes, 0, [0x52, 0x49, 0x46, 0x46]) && starts(bytes, 8, [0x57, 0x45, 0x42, 0x50])) {
    return 'image/webp';
  }
  return 'application/octet-stream';
}

export function isImage(mediaType: string): mediaType is ImageType {
  return imageTypes.some((type) => type === mediaType);
}

function starts(bytes: Uint8Array, at: number, with_: readonly number[]): boolean {
  return with_.every((byte, index) => bytes[at + index] === byte);
}

const LONGEST_NAME = 120;

/**
 * A name that can be shown and saved on any system: the last part of a path, without what cannot
 * be seen or turns the direction of the text, and without what file systems forbid.
 */
export function attachmentName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(/[\p{C}<>:"|?*]/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  if (clean === '') return 'attachment';
  if (clean.length <= LONGEST_NAME) return clean;
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(clean)?.[0] ?? '';
  // Cut between characters, never within one.
  return clean.slice(0, LONGEST_NAME - ending.length).replace(/[\ud800-\udbff]$/, '') + ending;
}
