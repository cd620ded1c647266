/** The head of an answer of HTTP/1.1: its status, and its headers by their names in lower case. */
export interface AnswerHead {
  status: number;
  headers: ReadonlyMap<string, string>;
}

const STATUS = /^HTTP\/1\.1 ([1-9]\d\d)(?: [\t\x20-\x7e]*)?$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([^\0\r\n]*?)[\t ]*$/;

/**
 * Reads a head without the empty line at its end. Null for whatever is not plainly one: a repeated
 * or folded header, another version, a line that is none (RFC 9112, sections 4 and 5).
 */
export function parseAnswerHead(text: string): AnswerHead | null {
  const [first = '', ...lines] = text.split('\r\n');
  const status = STATUS.exec(first)?.[1];
  if (status === undefined) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = HEADER.exec(line) ?? [];
    const key = name.toLowerCase();
    if (key === '' || headers.has(key)) return null;
    headers.set(key, value);
  }
  return { status: Number(status), headers };
}

/** True where the answer's body is just the bytes from `from` up to, not including, `to`. */
export function isAnswerOfRange(
  { status, headers }: AnswerHead,
  from: number,
  to: number,
): boolean {
  return (
    status === 206 &&
    headers.get('content-length') === String(to - from) &&
    headers.get('content-range')?.startsWith(`bytes ${from}-${to - 1}/`) === true &&
    !headers.has('transfer-encoding')
  );
}
