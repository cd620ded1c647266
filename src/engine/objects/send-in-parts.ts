import type { Part } from '../../core/objects/parts.ts';
import { formatObjectUri } from '../../core/objects/uri.ts';
import { type BegunUpload, openUpload, type Tries } from './begun-upload.ts';
import { hasCode } from './failures.ts';
import type { Patience } from './patience.ts';
import type { Meter } from './rate.ts';
import { sendParts } from './send-parts.ts';
import type { Content, ObjectStore, Written } from './store.ts';

/** How long the parts of what failed are tried to be removed, in ms. */
const DROP_MS = 10_000;

/**
 * Sends a large content in parallel parts, those that an earlier try did not send. What is asked to
 * stop may be taken up by the next try; the parts of what failed are removed.
 */
export async function sendInParts(request: {
  store: ObjectStore;
  tries: Tries;
  /** What is sent where, which the next try knows it by. */
  wanted: Omit<BegunUpload, 'id' | 'place'>;
  metadata: Record<string, string>;
  parts: readonly Part[];
  contentOf(part: Part, signal: AbortSignal): Content;
  /** Told of the parts that are there already, with their ETags. */
  onThere?(number: number, etag: string): void;
  /** Whether the object is there and is what was sent, where the answer to the end was lost. */
  isThere?(): Promise<boolean>;
  /** In words: an upload, a copy. */
  what: string;
  meter: Meter;
  signal: AbortSignal;
  log(line: string): void;
  patience?: Patience | undefined;
}): Promise<Written> {
  const { store, parts, signal, log } = request;
  const wanted = { ...request.wanted, place: store.place };
  const about = { metadata: request.metadata, parts, signal };
  const { upload, etags, missing } = await openUpload(store, request.tries, wanted, about);
  for (const [number, etag] of etags) request.onThere?.(number, etag);
  if (missing.length < parts.length) {
    const there = parts.length - missing.length;
    log(`Takes up an earlier ${request.what}: ${there} of ${parts.length} parts are there.`);
  }
  try {
    await sendParts({
      ...request,
      upload,
      parts: missing,
      async sent({ number }, etag) {
        etags.set(number, etag);
      },
    });
    const sent = parts.map(({ number }) => ({ number, etag: etags.get(number) ?? '' }));
    return await store.endParts({ upload, parts: sent, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (hasCode(error, 'upload-gone') && (await request.isThere?.()) === true) {
      return { etag: null, version: null };
    }
    try {
      await store.dropParts({ upload, signal: AbortSignal.timeout(DROP_MS) });
      log('The parts that were sent are removed.');
    } catch {
      log(
        `The parts that were sent could not be removed. The next try takes them up; without one they use room in the store until upload ${upload.id} of ${formatObjectUri(upload)} is aborted.`,
      );
    }
    throw error;
  }
}
