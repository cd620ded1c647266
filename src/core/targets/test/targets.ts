import type { Pin } from '../identity.ts';
import { type Target, targetSchema } from '../target.ts';

/** A target with a cluster, an object store and a database, for tests. */
export function target(change: Partial<Target> = {}): Target {
  return targetSchema.parse({
    name: 'prod-us',
    colour: 'red',
    care: 'critical',
    namespace: 'orders',
    kubernetes: { kubeconfig: null, context: 'prod' },
    objectStore: {
      kind: 's3',
      profile: 'backups',
      endpoint: null,
      region: 'us-east-1',
      pathStyle: false,
      bucket: 'orders-backups',
      accessKey: null,
      secretKey: null,
    },
    databases: {
      orders: {
        host: 'db.example.org',
        port: 5432,
        database: 'orders',
        user: 'restore',
        password: 'vault:orders-db/password',
        sslmode: 'verify-full',
        sslRootCert: null,
      },
    },
    ...change,
  });
}

export function clusterPin(uid = 'uid-1'): Pin {
  return {
    part: { kind: 'cluster', uid },
    pinnedAt: '2026-11-27T09:00:00.000Z',
    pinnedBy: 'ada',
  };
}
