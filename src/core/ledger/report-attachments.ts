import { isImage } from '../attachments/attachment.ts';
import type { BodyOf, RunEvent } from '../run/events.ts';

/** An attached file, as a report names it. */
export interface ReportAttachment {
  /** Null for one on the run as a whole. */
  step: string | null;
  name: string;
  mediaType: string;
  bytes: number;
  sha256: string;
  by: string;
  /** UTC. */
  at: string;
}

/** The largest picture that a report holds itself, and all of them together, in bytes. */
const LARGEST_PICTURE = 5_000_000;
const ALL_PICTURES = 20_000_000;

export function attachmentsIn(events: Iterable<RunEvent>): ReportAttachment[] {
  const found: ReportAttachment[] = [];
  for (const { body, time } of events) {
    if (body.kind === 'attachment.added') found.push(attachmentOf(body, time));
  }
  return found;
}

function attachmentOf(body: BodyOf<'attachment.added'>, at: string): ReportAttachment {
  const { name, mediaType, bytes, sha256 } = body.attachment;
  return { step: body.step, name, mediaType, bytes, sha256, by: body.by, at };
}

/** The SHA-256 of the pictures that a report shows, each once, as far as the bounds allow. */
export function picturesToShow(attachments: readonly ReportAttachment[]): Set<string> {
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
