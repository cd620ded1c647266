import { createHash } from 'node:crypto';
import { attachmentName, isImage, mediaTypeOf } from '../core/attachments/attachment.ts';
import { refuseAttachment } from '../core/attachments/refusals.ts';
import { MusterError } from '../core/problem.ts';
import type { BodyOf } from '../core/run/events.ts';
import type { Store } from '../store/open.ts';
import { unlessDamaged } from './unless-damaged.ts';

/** Files that people attach to a run or a step: pictures above all. */

export type Attachment = BodyOf<'attachment.added'>['attachment'];

/** Removes secrets from the content and the name; see `core/ledger/redact.ts`. */
export interface Redaction {
  bytes(content: Uint8Array): Uint8Array;
  text(text: string): string;
}

/**
 * What is to be recorded of a file, and its content as it is to be kept. Secrets are removed from
 * the name and from a content that is no picture; in a picture nobody can find them. Throws
 * `attachment-too-large` and `attachment-empty`.
 */
export function prepareAttachment(
  given: { name: string; bytes: Uint8Array },
  redaction: Redaction,
): { attachment: Attachment; content: Uint8Array } {
  const name = redaction.text(attachmentName(given.name));
  const problem = refuseAttachment(name, given.bytes.length);
  if (problem) throw new MusterError(problem);
  const mediaType = mediaTypeOf(given.bytes);
  const content = isImage(mediaType) ? given.bytes : redaction.bytes(given.bytes);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { attachment: { name, mediaType, bytes: content.length, sha256 }, content };
}

/** The whole content. Throws `attachment-missing`. */
export function readAttachment(store: Store, { name, sha256 }: Attachment): Buffer {
  if (!store.attachments.has(sha256)) throw missing(name);
  return Buffer.concat([...store.attachments.read(sha256)]);
}

/** Why the kept content is not what was attached, or null. */
export function badAttachment(store: Store, { name, bytes, sha256 }: Attachment): string | null {
  if (!store.attachments.has(sha256)) return `The attachment ${name} is missing.`;
  const fits = unlessDamaged(() => {
    const hash = createHash('sha256');
    let read = 0;
    for (const piece of store.attachments.read(sha256)) {
      hash.update(piece);
      read += piece.length;
    }
    return read === bytes && hash.digest('hex') === sha256;
  });
  return fits ? null : `The attachment ${name} was changed.`;
}

function missing(name: string): MusterError {
  return new MusterError({
    code: 'attachment-missing',
    what: `The content of ${name} is not in the store any more.`,
    safe: 'The record itself is as it was.',
    next: 'Check the run with "muster verify", and look for a copy of it.',
  });
}
