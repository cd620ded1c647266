import { createServer, type Server, type Socket } from 'node:net';
import { z } from 'zod';
import { MusterError } from '../../../core/problem.ts';
import { type ChannelSocket, openSocket } from '../api/socket.ts';
import type { KubernetesConnection } from '../connection.ts';
import { Cluster, describePlace, type Place } from '../objects/cluster.ts';
import { objectSchema } from '../objects/object.ts';
import { choosePod } from '../pods/choose.ts';
import type { Pod } from '../pods/pod.ts';

const DATA = 0;
const ERROR = 1;

const serviceSchema = objectSchema.extend({
  spec: z.looseObject({
    ports: z
      .array(
        z.looseObject({
          name: z.string().optional(),
          port: z.number(),
          targetPort: z.union([z.number(), z.string()]).optional(),
        }),
      )
      .nullish(),
  }),
});

/** A local port behind which a pod of the cluster answers. */
export interface Forward {
  host: string;
  port: number;
  /** Such as `service/orders-db in shop, port 5432`. */
  describes: string;
  close(): Promise<void>;
}

/**
 * Opens a local port, on loopback alone. Each connection to it goes to a pod that is ready at that
 * moment, so a pod that is replaced does not end the forward. The first pod is looked for at once:
 * throws MusterError where there is none, or where the local port is taken.
 */
export async function openForward(
  connection: KubernetesConnection,
  to: { object: string; namespace: string; port: number; local?: number },
  onProblem: (line: string) => void = () => undefined,
): Promise<Forward> {
  const cluster = Cluster.of(connection, { until: Date.now() + 30_000 });
  const place = await cluster.place(to.object, to.namespace);
  await podPort(cluster, place, to.port);
  const sockets = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that goes away is its own business.
    socket.on('error', () => socket.destroy());
    carry(connection, place, to.port, socket).catch((error: unknown) => {
      socket.destroy();
      onProblem(error instanceof Error ? error.message : String(error));
    });
  });
  const port = await listen(server, to.local ?? 0);
  return {
    host: '127.0.0.1',
    port,
    describes: `${describePlace(place)}, port ${to.port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** One connection of a client, to its end. */
async function carry(
  connection: KubernetesConnection,
  place: Place,
  port: number,
  socket: Socket,
): Promise<void> {
  const cluster = Cluster.of(connection, { until: Date.now() + 30_000 });
  const { pod, port: target } = await podPort(cluster, place, port);
  const { namespace = '', name } = pod.metadata;
  const doing = `forward to port ${target} of pod/${name}`;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/portforward`;
  // The first message of each channel is the port number, two bytes.
  const begun = new Set<number>();
  let failure = '';
  const tunnel = await openSocket(connection.client.session, path, {
    query: { ports: target },
    doing,
    onMessage(channel, bytes) {
      const rest = begun.has(channel) ? bytes : bytes.subarray(2);
      begun.add(channel);
      if (rest.length === 0) return;
      if (channel === ERROR) failure += rest.toString('utf8');
      if (channel !== DATA || socket.destroyed || socket.write(rest)) return;
      return new Promise<void>((resolve) => {
        const done = (): void => {
          socket.off('drain', done);
          socket.off('close', done);
          resolve();
        };
        socket.on('drain', done);
        socket.on('close', done);
      });
    },
  });
  socket.once('close', () => tunnel.close());
  sendFrom(socket, tunnel);
  try {
    await tunnel.ended;
  } finally {
    socket.end();
  }
  if (failure !== '') throw new Error(`${doing}: ${failure.trim()}`);
}

function sendFrom(socket: Socket, tunnel: ChannelSocket): void {
  socket.on('data', (bytes) => {
    socket.pause();
    tunnel.send(DATA, bytes).then(
      () => socket.resume(),
      () => socket.destroy(),
    );
  });
  // The protocol knows no half of a connection: when the client has said all, it is over.
  socket.once('end', () => tunnel.close());
  socket.resume();
}

/** The pod to go to and its own port: a service's port may be another, or have a name. */
async function podPort(
  cluster: Cluster,
  place: Place,
  port: number,
): Promise<{ pod: Pod; port: number }> {
  const pod = await choosePod(cluster, place);
  if (place.resource.kind !== 'Service') return { pod, port };
  const service = await cluster.get(place, serviceSchema);
  const ports = service.spec.ports ?? [];
  const entry = ports.find((one) => one.port === port);
  if (!entry) {
    throw new MusterError({
      code: 'kubernetes-port-missing',
      what: `${describePlace(place)} has no port ${port}; it has ${ports.map((one) => one.port).join(', ') || 'none'}.`,
      safe: 'Nothing was opened.',
      next: 'Correct the port, then retry.',
    });
  }
  const target = entry.targetPort ?? entry.port;
  if (typeof target === 'number') return { pod, port: target };
  const named = pod.spec.containers
    .flatMap((container) => container.ports ?? [])
    .find(({ name }) => name === target);
  return { pod, port: named?.containerPort ?? port };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new MusterError({
          code: 'kubernetes-local-port',
          what: `The local port ${port} cannot be opened: ${error.message}.`,
          safe: 'Nothing was opened.',
          next: 'Choose another local port, or leave `local` out for a free one, then retry.',
        }),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
