import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { contentCutOff } from './failures.ts';
import { readSignedRequest } from './signed-request.ts';
import type { Content } from './store.ts';

/** A store that does not know the question is sent to without an answer after so many ms. */
const CONTINUE_MS = 1_000;

const answerSchema = z.instanceof(http.IncomingMessage);

export interface Sending {
  content: Content;
  signal: AbortSignal;
  /** Called at each sign of life. */
  heard(): void;
}

interface Answered {
  response: {
    statusCode: number | undefined;
    headers: http.IncomingHttpHeaders;
    body: Uint8Array;
  };
  output: { $metadata: object };
}

/**
 * Sends contents from memory that is used again, which the SDK's streams cannot
 * (`docs/decisions/fast-transfers.md`).
 */
export interface ContentSender {
  /**
   * The last middleware of a command whose body is an empty stream: it sends the content instead.
   * The answer is for the SDK to read.
   */
  instead(sending: Sending): () => (asked: { request: unknown }) => Promise<Answered>;
  close(): void;
}

export function contentSender(options: http.AgentOptions): ContentSender {
  const agents = { plain: new http.Agent(options), secure: new https.Agent(options) };

  const send = async (asked: unknown, { content, signal, heard }: Sending) => {
    const signed = readSignedRequest(asked);
    if (signed === null) throw new Error('The S3 client made a request that is not understood.');
    const { isSecure, uri, ...rest } = signed;
    const agent = isSecure ? agents.secure : agents.plain;
    const how = { ...rest, path: uri, agent, signal };
    const request = isSecure ? https.request(how) : http.request(how);
    const answer = once(request, 'response').then(([found]) => answerSchema.parse(found));
    // What comes after the answer changes nothing.
    request.on('error', () => {});
    try {
      await write(request, answer, content, heard);
      const found = await answer;
      // Read to its end here: the SDK does not where it expects nothing, and its connection is kept.
      return { statusCode: found.statusCode, headers: found.headers, body: await buffer(found) };
    } catch (error) {
      request.destroy();
      throw error;
    } finally {
      // What was not sent to its end is waited for by nobody.
      if (!request.writableEnded) request.destroy();
    }
  };

  return {
    instead: (sending) => () => async (asked) => ({
      response: await send(asked.request, sending),
      output: { $metadata: {} },
    }),
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** Returns early where the store answers early: then it does not want the rest. */
async function write(
  request: http.ClientRequest,
  answer: Promise<unknown>,
  { length, blocks }: Content,
  heard: () => void,
): Promise<void> {
  let isAnswered = false;
  const answered = answer.then(() => {
    isAnswered = true;
  });
  // Where reading the content fails first, that is what is told.
  answered.catch(() => {});
  if (request.hasHeader('expect')) {
    request.flushHeaders();
    await Promise.race([
      once(request, 'continue'),
      pause(CONTINUE_MS, undefined, { ref: false }),
      answered,
    ]);
  }
  let left = length;
  for await (const block of blocks()) {
    if (isAnswered) return;
    heard();
    left -= block.length;
    if (left < 0) throw contentCutOff();
    const written = new Promise<void>((resolve, reject) => {
      request.write(block, (error) => (error ? reject(error) : resolve()));
    });
    await Promise.race([written, answered]);
  }
  if (left !== 0 && !isAnswered) throw contentCutOff();
  heard();
  request.end();
}
