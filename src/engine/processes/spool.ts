import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Stream } from '../output.ts';

/** A piece of a stream on disk: where it begins in the stream, in bytes and in lines. */
export interface Piece {
  path: string;
  at: number;
  lines: number;
}

/**
 * The pieces of a stream that are there, in order; see `supervisor.ts`. A stream in one file, as
 * 0.1.0 wrote it, is one piece.
 */
export function piecesOf(dir: string, stream: Stream): Piece[] {
  return namesIn(dir)
    .flatMap((name) => {
      if (name === stream) return [{ path: join(dir, name), at: 0, lines: 0 }];
      const [of, at, lines] = name.split('-');
      if (of !== stream || !/^\d+$/.test(at ?? '') || !/^\d+$/.test(lines ?? '')) return [];
      return [{ path: join(dir, name), at: Number(at), lines: Number(lines) }];
    })
    .sort((a, b) => a.at - b.at);
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    // It is made when the step begins.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
