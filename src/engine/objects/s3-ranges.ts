import type { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { isAnswerOfRange, parseAnswerHead } from '../../core/objects/answer-head.ts';
import { BLOCK, type BlockConnection, openBlockConnection } from './block-connection.ts';
import { readSignedRequest, type SignedRequest } from './signed-request.ts';

/** Longer heads are none that a store sends, in bytes. */
const MOST_HEAD = 32 * 1024;
/** So many connections wait for another request at most. */
const MOST_RESTING = 8;

export interface RangeRequest {
  command: GetObjectCommand;
  from: number;
  to: number;
  signal: AbortSignal;
  /** Called at each sign of life. */
  heard(): void;
}

/** Reads ranges of objects faster than the SDK can (`docs/decisions/fast-transfers.md`). */
export interface RangeReader {
  /**
   * The bytes of the range, fewer where the connection ends early. A block is written over as soon
   * as the next one is asked for. Null where the answer was any other than the one that was asked
   * for: what the store says then is for the SDK to read.
   */
  open(request: RangeRequest): Promise<AsyncIterable<Uint8Array> | null>;
  close(): void;
}

export function rangeReader(client: S3Client): RangeReader {
  const resting: BlockConnection[] = [];

  const asked = async (request: SignedRequest, { signal, heard }: RangeRequest) => {
    const text = written(request);
    for (let used = resting.pop(); used !== undefined; used = resting.pop()) {
      // The store may have ended it in the meantime; then nothing comes at all.
      const answer = await ask(used, text, signal, heard).catch(() => 'ended' as const);
      if (answer !== 'ended') return { connection: used, answer };
      used.close();
      signal.throwIfAborted();
    }
    const connection = await openBlockConnection(request, signal);
    return { connection, answer: await ask(connection, text, signal, heard) };
  };

  return {
    async open(range) {
      const { from, to, signal } = range;
      const request = await signedRequest(client, range.command, signal);
      if (request === null) return null;
      const { connection, answer } = await asked(request, range);
      if (answer === 'ended' || answer === null || !isAnswerOfRange(answer.head, from, to)) {
        connection.close();
        return null;
      }
      const mayRest = answer.head.headers.get('connection')?.toLowerCase() !== 'close';
      return body(connection, answer.rest, range, () => {
        if (!mayRest || resting.length >= MOST_RESTING || !connection.rest()) connection.close();
        else resting.push(connection);
      });
    },
    close() {
      for (const connection of resting.splice(0)) connection.close();
    },
  };
}

/**
 * The command as it would be sent, with the headers that prove who asks. Sends nothing. Null where it
 * is none that is written here.
 */
async function signedRequest(
  client: S3Client,
  command: GetObjectCommand,
  signal: AbortSignal,
): Promise<SignedRequest | null> {
  let request: unknown;
  command.middlewareStack.add(
    () => async (args) => {
      request = args.request;
      return { response: null, output: { $metadata: {} } };
    },
    { name: 'takeSigned', step: 'finalizeRequest', priority: 'low' },
  );
  await client.send(command, { abortSignal: signal });
  return readSignedRequest(request);
}

function written({ method, uri, headers }: SignedRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${uri} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** Sends the request and reads the head of its answer; null where it is none, 'ended' where nothing came. */
async function ask(
  connection: BlockConnection,
  text: string,
  signal: AbortSignal,
  heard: () => void,
) {
  const stop = (): void => connection.close(signal.reason);
  signal.addEventListener('abort', stop);
  try {
    connection.send(text, heard);
    let bytes = Buffer.alloc(0);
    for (;;) {
      const more = await connection.next(1);
      if (more === null) return bytes.length === 0 ? ('ended' as const) : null;
      bytes = Buffer.concat([bytes, more]);
      const end = bytes.indexOf('\r\n\r\n');
      if (end >= 0 && end <= MOST_HEAD) {
        const head = parseAnswerHead(bytes.toString('latin1', 0, end));
        return head === null ? null : { head, rest: bytes.subarray(end + 4) };
      }
      if (bytes.length > MOST_HEAD) return null;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** What belongs to the range; `whole` is called once all of it has come. */
async function* body(
  connection: BlockConnection,
  first: Uint8Array,
  { from, to, signal }: RangeRequest,
  whole: () => void,
): AsyncGenerator<Uint8Array> {
  const stop = (): void => connection.close(signal.reason);
  signal.addEventListener('abort', stop);
  let left = to - from;
  try {
    for (
      let block: Uint8Array | null = first;
      block !== null;
      block = await connection.next(Math.min(left, BLOCK))
    ) {
      signal.throwIfAborted();
      // What is more than was asked for is no content.
      if (block.length > left) throw new Error('The answer is longer than it said.');
      left -= block.length;
      if (block.length > 0) yield block;
      if (left === 0) break;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    if (left === 0) whole();
    else connection.close();
  }
}
