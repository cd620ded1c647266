import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import type * as tls from 'node:tls';
import { openObjectStore } from '../open.ts';
import type { ObjectStore } from '../store.ts';

const opened: { close(): void }[] = [];

/** An S3 store on loopback that answers as `serve` says, and stays silent for 2 s at most. */
export async function localStore(
  serve: (request: http.IncomingMessage, response: http.ServerResponse) => void,
  { secure }: { secure?: tls.SecureContextOptions | undefined } = {},
): Promise<{ store: ObjectStore; server: http.Server | https.Server }> {
  const server = secure ? https.createServer(secure, serve) : http.createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const store = await openObjectStore(
    {
      kind: 's3',
      endpoint: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
      region: 'us-east-1',
      pathStyle: true,
      silenceMs: 2_000,
    },
    async () => ({ accessKeyId: 'key', secretAccessKey: 'secret' }),
  );
  opened.push({
    close() {
      store.close();
      server.close();
      server.closeAllConnections();
    },
  });
  return { store, server };
}

/** For after each test. */
export function closeLocalStores(): void {
  for (const { close } of opened.splice(0)) close();
}
