import type { FileHandle } from 'node:fs/promises';

/** So many bytes are gathered by the system before the disk is told to take them. */
const PIECE = 64 * 1024 * 1024;

/** What brings a file onto its disk while it is still written. */
export interface Settling {
  /** So many bytes were written. */
  add(bytes: number): void;
  /** Resolves when all that was written is on the disk. */
  finish(): Promise<void>;
}

/**
 * A system keeps what is written in memory for half a minute and more. Without this a large file
 * would go to the disk only after its last byte had come, and everybody would wait for it twice.
 */
export function openSettling(out: FileHandle): Settling {
  let waiting = 0;
  let writing: Promise<void> | null = null;
  let failure: unknown = null;
  return {
    add(bytes) {
      waiting += bytes;
      if (waiting < PIECE || writing !== null) return;
      waiting = 0;
      writing = out
        .datasync()
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => {
          writing = null;
        });
    },
    async finish() {
      await writing;
      // A disk tells of a failed write once; a later sync would call it well.
      if (failure !== null) throw failure;
      await out.sync();
    },
  };
}
