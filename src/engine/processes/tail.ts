import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { countLines } from '../count-lines.ts';
import type { OutputSink, Stream } from '../output.ts';
import { type Piece, piecesOf } from './spool.ts';

/** Most bytes taken from one stream at one look; the next look follows at once when there is more. */
const LOOK = 1024 * 1024;
/** Shared, because a look copies what it takes before the next one begins. */
const buffer = Buffer.allocUnsafe(LOOK);

/** Follows what a session prints. */
export interface Tail {
  /** Takes what came; true while there is more to take. */
  look(): boolean;
  /** Takes all that is there now; what comes meanwhile is not waited for. */
  finish(): void;
  close(): void;
}

/** Follows the streams of the session in `dir` into a sink, from where the sink left off. */
export function openTail(dir: string, streams: readonly Stream[], sink: OutputSink): Tail {
  const tails = streams.map((stream) => follow(dir, stream, sink));
  return {
    look: () => tails.map((tail) => tail.look()).includes(true),
    finish() {
      for (const tail of tails) tail.finish();
    },
    close() {
      for (const tail of tails) tail.close();
    },
  };
}

function follow(dir: string, stream: Stream, sink: OutputSink): Tail {
  const place = sink.consumed(stream);
  let open: { piece: Piece; descriptor: number } | null = null;
  /** Pieces that were there at the last listing. */
  let listed: Piece[] = [];

  const close = (): void => {
    if (open) closeSync(open.descriptor);
    open = null;
  };
  const read = (): number =>
    open === null ? 0 : readSync(open.descriptor, buffer, 0, LOOK, place.bytes - open.piece.at);

  /** The piece to read after the open one; at first the one that holds the place. */
  const next = (): Piece | undefined => {
    const after = open?.piece.at ?? -1;
    const inList = (): Piece | undefined =>
      (after < 0 ? listed.findLast(({ at }) => at <= place.bytes) : undefined) ??
      listed.find(({ at }) => at > after && at >= place.bytes);
    const known = inList();
    if (known) return known;
    listed = piecesOf(dir, stream);
    return inList();
  };

  const turnTo = (piece: Piece): void => {
    const descriptor = openUnlessGone(piece.path);
    if (descriptor === null) {
      // It was the oldest and had to go; by now there is a newer one.
      listed = [];
      return;
    }
    close();
    open = { piece, descriptor };
    if (piece.at <= place.bytes) return;
    const { bytes, lines } = place;
    sink.leaveOut(stream, { bytes: piece.at - bytes, lines: Math.max(0, piece.lines - lines) });
    place.bytes = piece.at;
    place.lines = piece.lines;
  };

  const look = (): boolean => {
    let count = read();
    if (count === 0) {
      const following = next();
      if (following === undefined) return false;
      // A piece is whole before the next one is begun: after that was seen, this reads its end.
      count = read();
      if (count === 0) {
        turnTo(following);
        return true;
      }
    }
    const raw = Uint8Array.from(buffer.subarray(0, count));
    place.bytes += count;
    place.lines += countLines(raw);
    sink.take([{ stream, raw }]);
    return true;
  };

  return {
    look,
    finish() {
      const last = piecesOf(dir, stream).at(-1);
      if (last === undefined) return;
      const end = last.at + statSync(last.path).size;
      while (place.bytes < end && look());
    },
    close,
  };
}

function openUnlessGone(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
