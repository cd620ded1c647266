import type { DatabasePlace, ObjectStorePlace } from '../../core/targets/target.ts';
import { type AwsContext, awsCredentials } from '../credentials/aws.ts';
import type { DatabaseConnection, OpenWay } from '../databases/connection.ts';
import type { KubernetesConnection } from '../kubernetes/connection.ts';
import { openForward } from '../kubernetes/forward/forward.ts';
import { openObjectStore } from '../objects/open.ts';
import type { ObjectStore } from '../objects/store.ts';

/** Opens a target's object store with its own keys. To be closed by the caller. */
export function openPlace(place: ObjectStorePlace, context: AwsContext): Promise<ObjectStore> {
  if (place.kind === 'folder') return openObjectStore(place, noKeys);
  const { endpoint, region, pathStyle } = place;
  return openObjectStore(
    { kind: 's3', endpoint, region, pathStyle },
    awsCredentials(place, context),
  );
}

/**
 * How to reach a target's database, its password read. `cluster` opens the target's cluster, for a
 * database behind it. Rejects with MusterError.
 */
export async function connectionTo(
  { password, through, ...place }: DatabasePlace,
  namespace: string | null,
  resolve: (reference: string) => Promise<string>,
  cluster: () => Promise<OpenCluster>,
): Promise<DatabaseConnection> {
  const connection = { ...place, password: password === null ? null : await resolve(password) };
  if (through === null) return connection;
  return { ...connection, open: () => openWay(through, namespace, place.port, cluster) };
}

/** A cluster, and what is to be done when the way through it is closed. */
export interface OpenCluster {
  connection: KubernetesConnection;
  letGo(): void;
}

async function openWay(
  object: string,
  namespace: string | null,
  port: number,
  cluster: () => Promise<OpenCluster>,
): Promise<OpenWay> {
  const { connection, letGo } = await cluster();
  try {
    const to = { object, namespace: namespace ?? 'default', port };
    const forward = await openForward(connection, to);
    return { ...forward, close: () => forward.close().finally(letGo) };
  } catch (error) {
    letGo();
    throw error;
  }
}

/** A folder needs none. */
const noKeys = () => Promise.reject(new Error('A folder asks for no keys.'));
