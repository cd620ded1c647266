import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** A network brings small pieces; to write and digest each by itself costs more than to gather them. */
const BLOCK = 1024 * 1024;
/** So many blocks later the disk is told to begin, so that little is left to wait for at the end. */
const BLOCKS_UNSYNCED = 32;

/** Appends pieces to a file and to a digest, in blocks. Its memory does not depend on their number. */
export class BlockWriter {
  readonly #file: FileHandle;
  readonly #hash: Hash;
  #filling = Buffer.allocUnsafeSlow(BLOCK);
  #other = Buffer.allocUnsafeSlow(BLOCK);
  #filled = 0;
  #writing: Promise<void> = Promise.resolve();
  #unsynced = 0;
  #isSyncing = false;
  /** An error of the disk is told once only, so each is kept. */
  #synced: Promise<void> = Promise.resolve();

  constructor(file: FileHandle, hash: Hash) {
    this.#file = file;
    this.#hash = hash;
  }

  /** Where it returns a promise, nothing more may be added until that resolves. */
  add(bytes: Uint8Array): Promise<void> | undefined {
    const taken = Math.min(bytes.length, BLOCK - this.#filled);
    this.#filling.set(taken === bytes.length ? bytes : bytes.subarray(0, taken), this.#filled);
    this.#filled += taken;
    if (this.#filled < BLOCK) return undefined;
    // The block that is being written is free again once it is on its way to the disk.
    return this.#writing.then(() => {
      this.#write();
      return taken === bytes.length ? undefined : this.add(bytes.subarray(taken));
    });
  }

  /** Brings all that was added onto the disk. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#filled > 0) this.#write();
    await this.#writing;
    await this.#synced;
    await this.#file.sync();
  }

  #write(): void {
    const block = this.#filling.subarray(0, this.#filled);
    [this.#filling, this.#other] = [this.#other, this.#filling];
    this.#filled = 0;
    this.#hash.update(block);
    this.#writing = this.#file.appendFile(block);
    // Whoever adds or flushes next learns of it.
    this.#writing.catch(() => undefined);
    this.#unsynced += 1;
    if (this.#unsynced >= BLOCKS_UNSYNCED && !this.#isSyncing) this.#sync();
  }

  #sync(): void {
    this.#unsynced = 0;
    this.#isSyncing = true;
    const syncing = this.#file.datasync().finally(() => {
      this.#isSyncing = false;
    });
    this.#synced = Promise.all([this.#synced, syncing]).then(() => undefined);
    this.#synced.catch(() => undefined);
  }
}
