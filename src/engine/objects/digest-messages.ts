/** What a digest and its thread say to each other. Types alone, so that the thread loads nothing. */

/** What the thread is started with. */
export interface DigestJob {
  file: string;
  sha256: boolean;
  /** In bytes; for each of them the MD5s of the parts are computed. */
  md5PartSizes: number[];
}

/** The file may be read up to `to` bytes; with `isEnd` that is all of it. */
export interface DigestRequest {
  to: number;
  isEnd: boolean;
}

/** In hexadecimal. */
export interface Digests {
  sha256: string | null;
  md5s: { partSize: number; sums: string[] }[];
}

/** How far it has read; `end` when it is done. */
export interface DigestAnswer {
  at: number;
  end: Digests | null;
}
