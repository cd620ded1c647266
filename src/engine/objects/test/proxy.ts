import { connect, createServer, type Socket } from 'node:net';

/** A server between a store and a test, which can be cut off and brought back. */
export interface Between {
  /** The address to use in place of the store's. */
  endpoint: string;
  /** Ends all connections and takes no more. */
  cut(): void;
  /** Takes connections and bytes, and hands nothing on. */
  silence(): void;
  restore(): void;
  /** Resolves at the next cut. */
  whenCut(): Promise<void>;
  /** Cuts once so many more bytes have gone through in both directions together. */
  cutAfter(bytes: number): void;
  close(): Promise<void>;
}

export async function proxyTo(endpoint: string): Promise<Between> {
  const { hostname, port } = new URL(endpoint);
  const open = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let state: 'open' | 'cut' | 'silent' = 'open';
  let allowed = Number.POSITIVE_INFINITY;

  const endAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  const cut = (): void => {
    state = 'cut';
    endAll();
    for (const tell of waiting.splice(0)) tell();
  };
  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => {}).on('close', () => open.delete(client));
    if (state === 'cut') return client.destroy();
    if (state === 'silent') return client.resume();
    const store = connect(Number(port), hostname);
    open.add(store);
    store.on('error', () => {}).on('close', () => open.delete(store));
    const hand = (from: Socket, to: Socket): void => {
      from.on('data', (bytes: Buffer) => {
        allowed -= bytes.length;
        if (allowed <= 0) {
          allowed = Number.POSITIVE_INFINITY;
          cut();
        } else if (state === 'open' && !to.write(bytes)) from.pause();
      });
      to.on('drain', () => from.resume());
      from.on('close', () => to.destroy());
    };
    hand(client, store);
    hand(store, client);
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    cut,
    silence: () => {
      state = 'silent';
    },
    restore: () => {
      state = 'open';
      allowed = Number.POSITIVE_INFINITY;
    },
    whenCut: () => new Promise((resolve) => waiting.push(resolve)),
    cutAfter: (bytes) => {
      allowed = bytes;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        endAll();
      }),
  };
}
