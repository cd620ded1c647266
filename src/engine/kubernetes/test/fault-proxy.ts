import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/**
 * For tests: stands before the API server and breaks connections, so that a test can have its own
 * outage and nobody else who uses the cluster notices.
 */
export interface FaultProxy {
  /** A kubeconfig that leads through it. */
  kubeconfig: string;
  /** `refuse`: nobody answers. `silent`: it accepts and never answers. What is open is cut. */
  set(mode: 'pass' | 'refuse' | 'silent'): void;
  /** Cuts everything after so many more messages to the server, and refuses for `ms`. */
  cutAfter(messages: number, ms: number): Promise<void>;
  /** The answer to the next message is lost with its connection; the message itself arrives. */
  loseNextAnswer(): void;
  /** How many answers were lost or connections cut. */
  readonly cuts: number;
  close(): void;
}

export async function openFaultProxy(kubeconfig: string, folder: string): Promise<FaultProxy> {
  const config = parse(readFileSync(kubeconfig, 'utf8'));
  const server = new URL(config.clusters[0].cluster.server);
  const open = new Set<Socket>();
  let mode: 'pass' | 'refuse' | 'silent' = 'pass';
  let countdown = Number.POSITIVE_INFINITY;
  let onCut = (): void => undefined;
  let losesAnswer = false;
  let cuts = 0;

  const cutAll = (): void => {
    cuts += 1;
    for (const socket of open) socket.destroy();
  };
  const listener = createServer((client) => {
    open.add(client);
    client.on('error', () => undefined);
    client.once('close', () => open.delete(client));
    if (mode === 'refuse') return client.destroy();
    if (mode === 'silent') return;
    const upstream = createConnection(Number(server.port), server.hostname);
    open.add(upstream);
    upstream.on('error', () => client.destroy());
    upstream.once('close', () => {
      open.delete(upstream);
      client.destroy();
    });
    client.once('close', () => upstream.destroy());
    // Of a TLS connection the first messages of the client are the handshake.
    let fromClient = 0;
    let isMarked = false;
    client.on('data', (bytes) => {
      fromClient += 1;
      upstream.write(bytes);
      if (fromClient <= 2) return;
      if (losesAnswer) {
        losesAnswer = false;
        isMarked = true;
      }
      countdown -= 1;
      if (countdown <= 0) {
        countdown = Number.POSITIVE_INFINITY;
        mode = 'refuse';
        cutAll();
        onCut();
      }
    });
    upstream.on('data', (bytes) => {
      if (isMarked) {
        cuts += 1;
        client.destroy();
      } else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  config.clusters[0].cluster.server = `https://127.0.0.1:${port}`;
  const path = join(folder, `proxied-${port}.kubeconfig`);
  writeFileSync(path, stringify(config), { mode: 0o600 });
  return {
    kubeconfig: path,
    set(next) {
      mode = next;
      if (next !== 'pass') cutAll();
    },
    cutAfter(messages, ms) {
      countdown = messages;
      return new Promise((resolve) => {
        onCut = () =>
          setTimeout(() => {
            mode = 'pass';
            resolve();
          }, ms);
      });
    },
    loseNextAnswer() {
      losesAnswer = true;
    },
    get cuts() {
      return cuts;
    },
    close() {
      cutAll();
      listener.close();
    },
  };
}
