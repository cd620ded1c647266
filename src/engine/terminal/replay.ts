/** What is kept of a terminal to rebuild its view, in bytes. */
const MAX_BYTES = 1_000_000;
const FIRST_BYTES = 16 * 1024;

/** Keeps the last stretch of what a terminal showed, so that a new view can draw it again. */
export class Replay {
  // Twice of what is kept at most, so that the oldest is seldom moved out.
  #buffer = new Uint8Array(FIRST_BYTES);
  #filled = 0;
  #cut = false;

  add(data: Uint8Array): void {
    const last = data.length > MAX_BYTES ? data.subarray(-MAX_BYTES) : data;
    if (last.length < data.length) this.#cut = true;
    if (this.#filled + last.length > this.#buffer.length) this.#makeRoom(last.length);
    this.#buffer.set(last, this.#filled);
    this.#filled += last.length;
  }

  /** UTF-8; of characters whole ones only. */
  bytes(): Uint8Array<ArrayBuffer> {
    let from = Math.max(0, this.#filled - MAX_BYTES);
    if (from > 0 || this.#cut) {
      while (isContinuation(this.#buffer[from])) from += 1;
    }
    return this.#buffer.slice(from, this.#filled);
  }

  #makeRoom(wanted: number): void {
    const old = this.#buffer;
    const kept = old.subarray(Math.max(0, this.#filled - MAX_BYTES), this.#filled);
    if (kept.length < this.#filled) this.#cut = true;
    const size = Math.min(2 * MAX_BYTES, 2 * (this.#filled + wanted));
    if (size > old.length) this.#buffer = new Uint8Array(size);
    this.#buffer.set(kept);
    this.#filled = kept.length;
  }
}

/** True for a byte in the middle of a character. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
