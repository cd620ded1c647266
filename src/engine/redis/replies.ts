/** What Redis answers (RESP2). An error is a value here, because one may stand in a list. */
export type Reply = string | number | null | RedisError | Reply[];

/** What Redis refuses, in its own words, such as `WRONGPASS …`. */
export class RedisError extends Error {}

/** What comes is not what Redis speaks. */
export class NotRedis extends Error {}

const MOST_BULK = 64 * 1024 * 1024;
const MOST_ENTRIES = 100_000;
const DEEPEST = 8;
/** A line that does not end by then is none of Redis. */
const LONGEST_LINE = 64 * 1024;

/** Reads replies from bytes as they come. Every length is checked before it is believed. */
export class ReplyReader {
  #bytes: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
  }

  /** The next whole reply, or undefined until more bytes came. Throws NotRedis. */
  next(): Reply | undefined {
    const read = this.#read(0, 0);
    if (read === null) return undefined;
    this.#bytes = this.#bytes.subarray(read.end);
    return read.reply;
  }

  #read(at: number, depth: number): { reply: Reply; end: number } | null {
    if (depth > DEEPEST) throw new NotRedis('its answer is nested too deep');
    const lineEnd = this.#bytes.indexOf('\r\n', at);
    if (lineEnd < 0) {
      if (this.#bytes.length - at > LONGEST_LINE) throw new NotRedis('its answer has no end');
      return null;
    }
    const kind = String.fromCharCode(this.#bytes[at] ?? 0);
    const line = this.#bytes.toString('utf8', at + 1, lineEnd);
    const end = lineEnd + 2;
    switch (kind) {
      case '+':
        return { reply: line, end };
      case '-':
        return { reply: new RedisError(line), end };
      case ':':
        return { reply: whole(line, Number.MAX_SAFE_INTEGER), end };
      case '$':
        return this.#bulk(whole(line, MOST_BULK), end);
      case '*':
        return this.#list(whole(line, MOST_ENTRIES), end, depth);
      default:
        throw new NotRedis('it does not speak the language of Redis');
    }
  }

  #bulk(length: number, at: number): { reply: Reply; end: number } | null {
    if (length < 0) return { reply: null, end: at };
    const end = at + length;
    if (this.#bytes.length < end + 2) return null;
    return { reply: this.#bytes.toString('utf8', at, end), end: end + 2 };
  }

  #list(count: number, at: number, depth: number): { reply: Reply; end: number } | null {
    if (count < 0) return { reply: null, end: at };
    const entries: Reply[] = [];
    let end = at;
    while (entries.length < count) {
      const read = this.#read(end, depth + 1);
      if (read === null) return null;
      entries.push(read.reply);
      end = read.end;
    }
    return { reply: entries, end };
  }
}

function whole(text: string, most: number): number {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || value > most)
    throw new NotRedis('a length in its answer is impossible');
  return value;
}

/** A command as Redis reads it: every part with its length, so that no part can be another command. */
export function commandBytes(parts: readonly string[]): Buffer {
  const encoded = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return Buffer.from(`*${parts.length}\r\n${encoded.join('')}`);
}
