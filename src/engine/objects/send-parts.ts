import type { Part } from '../../core/objects/parts.ts';
import { inParallel } from './in-parallel.ts';
import { LONG, type Patience, patiently } from './patience.ts';
import type { Meter } from './rate.ts';
import type { Content, ObjectStore, PartsUpload } from './store.ts';

/** So many parts at once. */
const WIDTH = 6;

/**
 * Sends parts in parallel, each again while the store is away for a while. `sent` is told the ETag
 * of each part, and may refuse it by throwing.
 */
export async function sendParts(request: {
  store: ObjectStore;
  upload: PartsUpload;
  parts: readonly Part[];
  contentOf(part: Part, signal: AbortSignal): Content;
  sent(part: Part, etag: string): Promise<void>;
  meter: Meter;
  signal: AbortSignal;
  log(line: string): void;
  patience?: Patience | undefined;
}): Promise<void> {
  const { store, upload, meter, log } = request;
  await inParallel(request.parts, WIDTH, request.signal, async (part, signal) => {
    let asked = meter.moved();
    const etag = await patiently(
      () =>
        store.putPart({
          upload,
          number: part.number,
          content: request.contentOf(part, signal),
          signal,
        }),
      signal,
      {
        patience: request.patience ?? LONG,
        hasMoved: () => {
          const moved = meter.moved() > asked;
          asked = meter.moved();
          return moved;
        },
        onPause: (error) => {
          log(`Waits for the store: ${error instanceof Error ? error.message : String(error)}`);
        },
      },
    );
    meter.add(part.to - part.from);
    await request.sent(part, etag);
  });
}
