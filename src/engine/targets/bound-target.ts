import { MusterError, type Problem } from '../../core/problem.ts';
import type { IdentityPart } from '../../core/targets/identity.ts';
import type { Target } from '../../core/targets/target.ts';
import type { AwsContext } from '../credentials/aws.ts';
import type { DatabaseConnection } from '../databases/connection.ts';
import type { KubernetesConnection } from '../kubernetes/connection.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { BoundTarget } from './bound.ts';
import { connectCluster } from './cluster.ts';
import { connectionTo, openPlace } from './places.ts';
import { clusterPart, databasePart, storePart } from './probes.ts';

/** A bound target whose connections can be ended. */
export type OpenTarget = BoundTarget & { close(): void };

/**
 * A target for one run. Each time a connection is asked for, the configuration is read again and
 * `prove` is given who answered, before anything else is sent: a kubeconfig that was swapped between
 * two steps is noticed by the second. `prove` throws MusterError for another identity.
 */
export function openTarget(
  target: Target,
  context: AwsContext,
  prove: (seen: IdentityPart) => void,
): OpenTarget {
  const { name, care, namespace } = target;
  let cluster: KubernetesConnection | null = null;
  let store: ObjectStore | null = null;
  const missing = (what: string): MusterError => new MusterError(hasNone(name, what));
  const kubernetes = async (): Promise<KubernetesConnection> => {
    if (!target.kubernetes) throw missing('cluster');
    const now = connectCluster(target.kubernetes, namespace, context);
    if (cluster && isSameAccount(cluster, now)) now.close();
    else {
      cluster?.close();
      cluster = now;
    }
    const connection = cluster;
    prove(await clusterPart(connection));
    return connection;
  };
  return {
    name,
    care,
    namespace,
    ...(target.prometheus !== null && { prometheusUrl: target.prometheus }),
    kubernetes,
    async objectStore(): Promise<ObjectStore> {
      if (!target.objectStore) throw missing('object store');
      store ??= await openPlace(target.objectStore, context);
      const opened = store;
      prove(await storePart(opened, target.objectStore));
      return opened;
    },
    async database(wanted): Promise<DatabaseConnection> {
      const names = Object.keys(target.databases);
      const chosen = wanted ?? (names.length === 1 ? names[0] : undefined);
      const place = chosen === undefined ? undefined : target.databases[chosen];
      if (chosen === undefined || !place) {
        throw missing(wanted === undefined ? 'single database' : `database "${wanted}"`);
      }
      const connection = await connectionTo(place, namespace, context.resolve, async () => ({
        connection: await kubernetes(),
        // It is the run's, and stays open for its other steps.
        letGo: () => undefined,
      }));
      prove(await databasePart(connection, chosen, care));
      return connection;
    },
    close() {
      cluster?.close();
      store?.close();
      cluster = null;
      store = null;
    },
  };
}

/** Whether a connection would be made anew in exactly the same way. */
function isSameAccount(before: KubernetesConnection, now: KubernetesConnection): boolean {
  return JSON.stringify(before.account) === JSON.stringify(now.account);
}

function hasNone(target: string, what: string): Problem {
  return {
    code: 'target-incomplete',
    what: `The target ${target} has no ${what}.`,
    safe: 'Nothing was sent.',
    next: `Add it with "muster targets edit ${target}", or bind another target.`,
  };
}
