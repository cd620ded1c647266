import { MusterError } from '../../core/problem.ts';
import type { AwsContext } from '../credentials/aws.ts';
import { databaseIdentity } from '../databases/identity.ts';
import { clusterIdentity } from '../kubernetes/identity.ts';
import { storeIdentity } from '../objects/store.ts';
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
        const { uid } = await clusterIdentity(connection);
        return { kind: 'cluster', uid };
      } finally {
        connection.close();
      }
    },
    async objectStore({ objectStore }) {
      const place = present(objectStore);
      const store = await openPlace(place, context);
      try {
        const bucket = place.kind === 's3' ? place.bucket : null;
        const owner =
          bucket === null
            ? null
            : (await storeIdentity(store, bucket, AbortSignal.timeout(PROBE_MS))).owner;
        return { kind: 'object-store', endpoint: store.place, owner };
      } finally {
        store.close();
      }
    },
    async database({ databases }, connection) {
      const reached = await connectionTo(present(databases[connection]), context.resolve);
      const { system, why } = await databaseIdentity(reached, AbortSignal.timeout(PROBE_MS));
      if (system === null) throw new MusterError(hidesIdentity(connection, why));
      return { kind: 'database', connection, system };
    },
  };
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
