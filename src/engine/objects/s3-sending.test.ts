import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import type * as http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import * as tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../test/certificates.ts';
import { hasCode } from './failures.ts';
import { fileContent } from './file-content.ts';
import type { Content, ObjectStore } from './store.ts';
import { closeLocalStores, localStore } from './test/local-store.ts';

const MB = 1024 * 1024;
const bytes = randomBytes(5 * MB + 1234);
const upload = { bucket: 'backups', key: 'a dump+1.gz', id: 'an id/with+signs' };

let dir = '';
let file = '';
beforeAll(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), 'muster-sending-'));
  file = join(dir, 'dump');
  await fs.writeFile(file, bytes);
});
afterAll(() => fs.rm(dir, { recursive: true, force: true }));
afterEach(closeLocalStores);

/** A store that gives each content it got as a whole the MD5 of it as ETag. */
async function storeThatTakes(secure?: tls.SecureContextOptions) {
  const seen = { connections: new Set<number>(), urls: [] as string[] };
  const serve = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    seen.connections.add(request.socket.remotePort ?? 0);
    seen.urls.push(request.url ?? '');
    const md5 = createHash('md5')
      .update(await buffer(request))
      .digest('hex');
    response.writeHead(200, { ETag: `"${md5}"`, 'Content-Length': 0 }).end();
  };
  const { store } = await localStore(
    // What breaks off is for the sender to tell.
    (request, response) => void serve(request, response).catch(() => {}),
    { secure },
  );
  return { store, seen };
}

function send(
  store: ObjectStore,
  content: Content,
  { number = 1, signal = AbortSignal.timeout(20_000) } = {},
): Promise<string> {
  return store.putPart({ upload, number, content, signal });
}

const whole = (): Content => fileContent(file, { from: 0, to: bytes.length });
const md5Of = (from: number, to: number): string =>
  createHash('md5').update(bytes.subarray(from, to)).digest('hex');

describe('a content that is sent', () => {
  it('arrives as it is, again and again over the same connections', async () => {
    const { store, seen } = await storeThatTakes();
    // More than there may be connections, so that one that is not given back would be missed.
    for (let turn = 0; turn < 12; turn += 1) {
      const ends = [1, 3 * MB, 4 * MB + 17, bytes.length].map((to) => ({
        from: turn,
        to: to + turn,
      }));
      const etags = await Promise.all(
        ends.map(({ from, to }, index) =>
          send(store, fileContent(file, { from, to: Math.min(to, bytes.length) }), {
            number: index + 1,
          }),
        ),
      );
      expect(etags).toEqual(ends.map(({ from, to }) => md5Of(from, to)));
    }
    // Four at once; one more may be opened before the last one is free again.
    expect(seen.connections.size).toBeLessThan(12);
    expect(seen.urls[0]).toBe(
      '/backups/a%20dump%2B1.gz?x-id=UploadPart&uploadId=an%20id%2Fwith%2Bsigns&partNumber=1',
    );
  });

  it('goes over TLS, and to nobody without a trusted certificate', async () => {
    const { key, cert, ca } = makeCertificate('IP:127.0.0.1', 30);
    const { store, seen } = await storeThatTakes({ key, cert });
    await expect(send(store, whole())).rejects.toMatchObject({
      problem: { detail: expect.stringMatching(/certificate|self.signed/i) },
    });
    expect(seen.urls).toEqual([]);
    const trusted = tls.getCACertificates();
    tls.setDefaultCACertificates([...trusted, readFileSync(ca)]);
    try {
      expect(await send(store, whole())).toBe(md5Of(0, bytes.length));
    } finally {
      tls.setDefaultCACertificates(trusted);
    }
  });

  it('stays here where the store refuses it before it has come', async () => {
    let received = 0;
    const { store, server } = await localStore(() => {});
    server.on('checkContinue', (request: http.IncomingMessage, response: http.ServerResponse) => {
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      response
        .writeHead(403, { 'Content-Type': 'application/xml' })
        .end('<Error><Code>ExpiredToken</Code><Message>over</Message></Error>');
    });
    const error = await send(store, whole()).catch((thrown: unknown) => thrown);
    expect(hasCode(error, 'store-keys-refused')).toBe(true);
    expect(received).toBe(0);
  });

  it('stops where the store refuses it half way, and says what the store said', async () => {
    const { store } = await localStore((request, response) => {
      request.once('data', () => {
        request.pause();
        response
          .writeHead(404, { 'Content-Type': 'application/xml' })
          .end('<Error><Code>NoSuchUpload</Code><Message>gone</Message></Error>');
      });
    });
    const error = await send(store, whole()).catch((thrown: unknown) => thrown);
    expect(hasCode(error, 'upload-gone')).toBe(true);
  });

  it('goes to a store that does not answer whether it wants it', async () => {
    const { store, server } = await localStore(() => {});
    server.on(
      'checkContinue',
      async (request: http.IncomingMessage, response: http.ServerResponse) => {
        const { length } = await buffer(request);
        response.writeHead(200, { ETag: `"${length}"` }).end();
      },
    );
    expect(await send(store, whole())).toBe(String(bytes.length));
  });

  it.each([
    ['shorter', 0, bytes.length + 1],
    ['longer', 0, bytes.length - 1],
  ])('is refused where its source is %s than it said', async (_, from, length) => {
    const { store } = await storeThatTakes();
    const { blocks } = fileContent(file, { from, to: bytes.length });
    const error = await send(store, { length, blocks }).catch((thrown: unknown) => thrown);
    expect(hasCode(error, 'content-cut-off')).toBe(true);
    // The store is of use all the same.
    expect(await send(store, whole())).toBe(md5Of(0, bytes.length));
  });

  it.each([10, 3 * MB])('ends with the fault of its source, of %d bytes', async (to) => {
    const { store } = await storeThatTakes();
    const missing = join(dir, 'missing');
    await expect(send(store, fileContent(missing, { from: 0, to }))).rejects.toMatchObject({
      problem: { code: 'file-unusable', place: { file: missing } },
    });
  });

  it('is not waited for when the store reads no more, or says nothing at its end', async () => {
    const { store } = await localStore((request) => {
      if (request.url?.includes('partNumber=2')) request.resume();
    });
    for (const number of [1, 2]) {
      const error = await send(store, whole(), { number }).catch((thrown: unknown) => thrown);
      expect(hasCode(error, 'store-silent')).toBe(true);
    }
  });

  it('is not waited for when the connection breaks or a person cancels', async () => {
    const { store } = await localStore((request) => {
      request.once('data', () => {
        if (request.url?.includes('partNumber=2')) request.socket.destroy();
      });
    });
    const broken = await send(store, whole(), { number: 2 }).catch((thrown: unknown) => thrown);
    expect(hasCode(broken, 'store-unreachable')).toBe(true);
    const cancel = new AbortController();
    const sending = send(store, whole(), { signal: cancel.signal });
    await pause(200);
    cancel.abort();
    await expect(sending).rejects.toBe(cancel.signal.reason);
  });

  it('is small, too', async () => {
    const { store } = await storeThatTakes();
    const empty = { length: 0, async *blocks() {} };
    expect(await send(store, empty)).toBe(createHash('md5').digest('hex'));
    const { etag } = await store.put({
      bucket: 'backups',
      key: 'note',
      content: {
        length: 2,
        async *blocks() {
          yield Buffer.from('hi');
        },
      },
      metadata: {},
      signal: AbortSignal.timeout(20_000),
    });
    expect(etag).toBe(createHash('md5').update('hi').digest('hex'));
  });
});
