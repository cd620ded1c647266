import { createHash } from 'node:crypto';
import { Agent, createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import type { Session } from './session.ts';
import { openSocket } from './socket.ts';

/** A server that sends its first messages in the same packet as its answer to the handshake. */
async function hastyServer(messages: readonly Buffer[]): Promise<Session> {
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    const head = [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${accept}`,
      `Sec-WebSocket-Protocol: ${request.headers['sec-websocket-protocol']}`,
      '',
      '',
    ].join('\r\n');
    const frames = messages.flatMap((bytes) => [Buffer.from([0x82, bytes.length]), bytes]);
    const close = Buffer.from([0x88, 2, 0x03, 0xe8]);
    socket.end(Buffer.concat([Buffer.from(head), ...frames, close]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    server: new URL(`http://127.0.0.1:${address.port}`),
    access: async () => ({ agent: new Agent(), headers: {} }),
    renew: () => false,
    close: () => undefined,
  };
}

it('hands out messages that come together with the handshake', async () => {
  const session = await hastyServer([Buffer.from([0, 0x39, 0x05]), Buffer.from([0, 0x61])]);
  const got: string[] = [];
  const socket = await openSocket(session, '/portforward', {
    query: {},
    doing: 'forward a port',
    onMessage(channel, bytes) {
      got.push(`${channel} ${bytes.toString('hex')}`);
    },
  });
  await socket.ended;
  expect(got).toEqual(['0 3905', '0 61']);
});
