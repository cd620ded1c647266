import { MusterError } from '../../core/problem.ts';
import type { IdentityPart } from '../../core/targets/identity.ts';
import type { CareLevel, ObjectStorePlace } from '../../core/targets/target.ts';
import type { AwsContext } from '../credentials/aws.ts';
import type { DatabaseConnection } from '../databases/connection.ts';
import { databaseIdentity } from '../databases/identity.ts';
import type { KubernetesConnection } from '../kubernetes/connection.ts';
import { clusterIdentity } from '../kubernetes/identity.ts';
import { type ObjectStore, storeIdentity } from '../objects/store.ts';
import { connectCluster } from './cluster.ts';
import type { IdentityProbes } from './identity.ts';
import { connectionTo, openPlace } from './places.ts';

/** The longest that a store or a database is waited for, in ms. */
const PROBE_MS = 15_000;

/** Asks the systems themselves, over connections that are opened for it and closed again. */
export function createProbes(context: AwsContext): IdentityProbes {
  return {
    async cluster({ kubernetes, namespace }) {
      const connection = connectCluster(present(kubernetes), namespace, context);
      try {
        return await clusterPart(connection);
      } finally {
        connection.close();
      }
    },
    async objectStore({ objectStore }) {
      const place = present(objectStore);
      const store = await openPlace(place, context);
      try {
        return await storePart(store, place);
      } finally {
        store.close();
      }
    },
    async database({ databases, care, kubernetes, namespace }, connection) {
      const place = present(databases[connection]);
      const reached = await connectionTo(place, namespace, context.resolve, async () => {
        const cluster = connectCluster(present(kubernetes), namespace, context);
        return { connection: cluster, letGo: () => cluster.close() };
      });
      return databasePart(reached, connection, care);
    },
  };
}

type Part<K extends IdentityPart['kind']> = Extract<IdentityPart, { kind: K }>;

export async function clusterPart(
  connection: KubernetesConnection,
  signal?: AbortSignal,
): Promise<Part<'cluster'>> {
  const { uid } = await clusterIdentity(connection, signal);
  return { kind: 'cluster', uid };
}

/** The address and, of a store with a usual bucket, that bucket's owner. */
export async function storePart(
  store: ObjectStore,
  place: ObjectStorePlace,
  signal = AbortSignal.timeout(PROBE_MS),
): Promise<Part<'object-store'>> {
  const bucket = place.kind === 's3' ? place.bucket : null;
  const owner = bucket === null ? null : (await storeIdentity(store, bucket, signal)).owner;
  return { kind: 'object-store', endpoint: store.place, owner };
}

/**
 * Many roles may not read the identifier. That is pinned as such, so that a server which told it
 * once cannot hide it later; on a critical target it is refused. Throws MusterError.
 */
export async function databasePart(
  reached: DatabaseConnection,
  connection: string,
  care: CareLevel,
): Promise<Part<'database'>> {
  const { system, why } = await databaseIdentity(reached, AbortSignal.timeout(PROBE_MS));
  if (system === null && care === 'critical') throw new MusterError(hidesIdentity(connection, why));
  return { kind: 'database', connection, system: system ?? 'not told to this role' };
}

function present<T>(part: T | null | undefined): T {
  if (part === null || part === undefined) throw new Error('The target has no such part.');
  return part;
}

function hidesIdentity(connection: string, why: string | null) {
  return {
    code: 'identity-hidden',
    what: `The database ${connection} does not say which server it is.`,
    safe: 'It was only asked; nothing was changed.',
    next: why ?? 'Give the role the right to read pg_control_system().',
  };
}
