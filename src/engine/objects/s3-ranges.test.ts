import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type * as http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import * as tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../test/certificates.ts';
import { hasCode } from './failures.ts';
import type { ObjectStore } from './store.ts';
import { closeLocalStores, localStore } from './test/local-store.ts';

const MB = 1024 * 1024;
const content = randomBytes(7 * MB + 1234);
const bucket = 'backups';

/** What a store was asked for, and over how many connections. */
interface Seen {
  ranges: string[];
  connections: Set<number>;
  /** Bytes that went out. */
  sent(): number;
}

afterEach(closeLocalStores);

type Answer = (
  range: { from: number; to: number },
  response: http.ServerResponse,
  turn: number,
) => void;

const plain: Answer = ({ from, to }, response) => {
  response.writeHead(206, {
    'Content-Length': to - from,
    'Content-Range': `bytes ${from}-${to - 1}/${content.length}`,
  });
  response.end(content.subarray(from, to));
};

/** A store with one content under every key, which answers as it is told. */
async function storeThat(
  answer: Answer,
  { secure }: { secure?: tls.SecureContextOptions } = {},
): Promise<{ store: ObjectStore; seen: Seen }> {
  const ports = new Set<number>();
  let sent = (): number => 0;
  const seen: Seen = { ranges: [], connections: ports, sent: () => sent() };
  const { store } = await localStore(
    (request, response) => {
      const range = request.headers.range ?? '';
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
      if (first === undefined || last === undefined) return void response.writeHead(400).end();
      expect(request.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 /);
      seen.ranges.push(range);
      ports.add(request.socket.remotePort ?? 0);
      sent = () => request.socket.bytesWritten - request.socket.writableLength;
      answer({ from: Number(first), to: Number(last) + 1 }, response, seen.ranges.length);
    },
    { secure },
  );
  return { store, seen };
}

async function read(
  store: ObjectStore,
  from: number,
  to: number,
  signal = AbortSignal.timeout(20_000),
): Promise<Buffer> {
  const range = { bucket, key: 'a dump+1.gz', version: 'v1', etag: 'abc', from, to };
  const chunks: Buffer[] = [];
  for await (const chunk of store.read({ ...range, signal, reuses: true })) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

describe('a large range', () => {
  it('has its bytes, one after the other over one connection', async () => {
    const { store, seen } = await storeThat(plain);
    for (const [from, to] of [
      [0, content.length],
      [1, 3 * MB],
      [content.length - MB, content.length],
      [5, 5 + MB],
    ] as const) {
      expect((await read(store, from, to)).equals(content.subarray(from, to))).toBe(true);
    }
    expect(seen.ranges).toHaveLength(4);
    expect(seen.connections.size).toBe(1);
  });

  it('comes over several connections at once', async () => {
    const { store, seen } = await storeThat(plain);
    const parts = [0, 1, 2, 3, 4, 5].map((n) => n * MB);
    const got = await Promise.all(parts.map((from) => read(store, from, from + MB)));
    expect(Buffer.concat(got).equals(content.subarray(0, 6 * MB))).toBe(true);
    expect(seen.ranges).toHaveLength(6);
  });

  it('comes over TLS, and from nobody without a trusted certificate', async () => {
    const { key, cert, ca } = makeCertificate('IP:127.0.0.1', 30);
    const { store, seen } = await storeThat(plain, { secure: { key, cert } });
    await expect(read(store, 0, content.length)).rejects.toMatchObject({
      problem: { detail: expect.stringMatching(/certificate|self.signed/i) },
    });
    expect(seen.ranges).toEqual([]);
    const trusted = tls.getCACertificates();
    tls.setDefaultCACertificates([...trusted, readFileSync(ca)]);
    try {
      for (let turn = 0; turn < 2; turn += 1) {
        expect((await read(store, 0, content.length)).equals(content)).toBe(true);
      }
    } finally {
      tls.setDefaultCACertificates(trusted);
    }
    expect(seen.connections.size).toBe(1);
  });

  it('waits for a slow reader, and the store with it', async () => {
    const { store, seen } = await storeThat((_, response) => {
      response.writeHead(206, {
        'Content-Length': 500 * MB,
        'Content-Range': `bytes 0-${500 * MB - 1}/${500 * MB}`,
      });
      const more = (): void => {
        while (!response.destroyed && response.write(content.subarray(0, MB)));
        response.once('drain', more);
      };
      more();
    });
    const signal = AbortSignal.timeout(20_000);
    const range = { bucket, key: 'k', etag: null, from: 0, to: 500 * MB };
    for await (const _ of store.read({ ...range, signal, reuses: true })) {
      let before = -1;
      while (seen.sent() > before) {
        before = seen.sent();
        await pause(200);
      }
      // What the two systems keep between them is not ours.
      expect(seen.sent()).toBeLessThan(64 * MB);
      break;
    }
  });

  it('is asked for again where a waiting connection was ended', async () => {
    const { store, seen } = await storeThat((range, response) => {
      plain(range, response, 0);
      response.once('finish', () => response.req.socket.end());
    });
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await read(store, 0, 2 * MB)).equals(content.subarray(0, 2 * MB))).toBe(true);
      await pause(50);
    }
    expect(seen.connections.size).toBe(3);
  });

  it('gives what came before its connection broke, and says that it broke', async () => {
    const { store } = await storeThat(({ from, to }, response) => {
      response.writeHead(206, {
        'Content-Length': to - from,
        'Content-Range': `bytes ${from}-${to - 1}/${content.length}`,
      });
      response.write(content.subarray(0, 2 * MB + 5), () => response.destroy());
    });
    let got = 0;
    const range = { bucket, key: 'k', etag: null, from: 0, to: 4 * MB };
    const reading = (async () => {
      for await (const chunk of store.read({
        ...range,
        signal: AbortSignal.timeout(20_000),
        reuses: true,
      })) {
        expect(content.subarray(got, got + chunk.length).equals(chunk)).toBe(true);
        got += chunk.length;
      }
    })();
    await expect(reading).rejects.toSatisfy((error) => hasCode(error, 'store-unreachable'));
    expect(got).toBeGreaterThan(0);
  });

  it('ends when it is told to, and when nothing comes', async () => {
    const silent = await storeThat(({ from, to }, response) => {
      response.writeHead(206, {
        'Content-Length': to - from,
        'Content-Range': `bytes ${from}-${to - 1}/${content.length}`,
      });
      response.write(content.subarray(0, MB));
    });
    await expect(read(silent.store, 0, 4 * MB)).rejects.toSatisfy((error) =>
      hasCode(error, 'store-silent'),
    );
    const stop = new AbortController();
    const reading = read(silent.store, 0, 4 * MB, stop.signal);
    setTimeout(() => stop.abort(), 100);
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each<[string, Answer]>([
    [
      'comes in pieces',
      ({ from, to }, response) => {
        response.writeHead(206, { 'Content-Range': `bytes ${from}-${to - 1}/${content.length}` });
        response.end(content.subarray(from, to));
      },
    ],
    [
      'begins with another answer',
      (range, response, turn) => {
        if (turn > 1) return plain(range, response, turn);
        response.writeHead(206, { 'Content-Length': MB, 'Content-Range': `bytes 7-${6 + MB}/9` });
        response.end(content.subarray(0, MB));
      },
    ],
  ])('is left to the SDK where it %s', async (_, answer) => {
    const { store, seen } = await storeThat(answer);
    expect((await read(store, MB, 3 * MB)).equals(content.subarray(MB, 3 * MB))).toBe(true);
    expect(seen.ranges).toHaveLength(2);
  });

  it('fails as the store says', async () => {
    const { store } = await storeThat((_, response) => {
      response.writeHead(412, { 'Content-Type': 'application/xml' });
      response.end('<Error><Code>PreconditionFailed</Code></Error>');
    });
    await expect(read(store, 0, 2 * MB)).rejects.toSatisfy((error) =>
      hasCode(error, 'object-changed'),
    );
  });
});
