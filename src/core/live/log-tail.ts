/** The end of a log, bounded: the oldest lines go first. Lines are numbered from 0. */
export interface LogTail {
  add(line: string): void;
  /** Lines from this number on, as many as one answer takes; `next` is where to go on. */
  read(from: number): { lines: string[]; missed: number; next: number; hasMore: boolean };
}

/** In characters. */
export interface LogLimits {
  kept: number;
  answer: number;
}

const LIMITS: LogLimits = { kept: 1024 * 1024, answer: 128 * 1024 };

export function createLogTail({ kept, answer }: LogLimits = LIMITS): LogTail {
  let lines: string[] = [];
  /** Of `lines`, those before this one were let go; they are cleared away together. */
  let first = 0;
  let cleared = 0;
  let size = 0;
  const end = (): number => cleared + lines.length;

  return {
    add(line) {
      lines.push(line);
      size += line.length + 1;
      while (size > kept && first < lines.length - 1) {
        size -= (lines[first]?.length ?? 0) + 1;
        first += 1;
      }
      if (first > 1024 && first > lines.length / 2) {
        lines = lines.slice(first);
        cleared += first;
        first = 0;
      }
    },
    read(from) {
      const oldest = cleared + first;
      // A number that was never given out is one of another log.
      const wanted = from > end() ? 0 : from;
      const begin = Math.max(wanted, oldest);
      const given: string[] = [];
      let length = 0;
      for (let at = begin; at < end(); at += 1) {
        const line = lines[at - cleared] ?? '';
        if (given.length > 0 && length + line.length > answer) break;
        given.push(line);
        length += line.length + 1;
      }
      const next = begin + given.length;
      return { lines: given, missed: begin - wanted, next, hasMore: next < end() };
    },
  };
}
