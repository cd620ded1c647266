import { isImage } from '../attachments/attachment.ts';
import type { Attachment } from '../run/state.ts';

/** The largest picture that a report holds itself, and all of them together, in bytes. */
const LARGEST_PICTURE = 5_000_000;
const ALL_PICTURES = 20_000_000;

/** The SHA-256 of the pictures that a report shows, each once, as far as the bounds allow. */
export function picturesToShow(attachments: readonly Attachment[]): Set<string> {
  const shown = new Set<string>();
  let sum = 0;
  for (const { mediaType, bytes, sha256 } of attachments) {
    if (!isImage(mediaType) || shown.has(sha256) || bytes > LARGEST_PICTURE) continue;
    if (sum + bytes > ALL_PICTURES) continue;
    shown.add(sha256);
    sum += bytes;
  }
  return shown;
}
