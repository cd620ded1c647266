import { z } from 'zod';
import { nearNames } from '../../../core/kubernetes/near-names.ts';
import { holdsHidden } from '../../../core/ledger/hidden-values.ts';
import { MusterError } from '../../../core/problem.ts';
import type { KubernetesClient, Query } from '../api/client.ts';
import { Discovery, type Hurry, pathOf, type Resource } from '../api/discovery.ts';
import { isStatus } from '../api/problems.ts';
import type { KubernetesConnection } from '../connection.ts';
import { type KubeObject, listOf, objectSchema } from './object.ts';
import { secretNotKept } from './secret-not-kept.ts';

/** Objects in one page of a list; the server keeps memory and time bounded by it. */
const PAGE = 500;

/** One object's place in a cluster. */
export interface Place {
  resource: Resource;
  /** Null for what has no namespace. */
  namespace: string | null;
  name: string;
}

/** How long and how patiently is asked. */
export interface Asked extends Hurry {
  patienceMs?: number;
}

export const fieldManager = 'muster';

/** Reads and writes objects of any kind of one cluster. */
export class Cluster {
  readonly client: KubernetesClient;
  readonly #discovery: Discovery;
  readonly #asked: Asked;

  private constructor(client: KubernetesClient, discovery: Discovery, asked: Asked) {
    this.client = client;
    this.#discovery = discovery;
    this.#asked = asked;
  }

  /** `asked` holds for all that is done through it. */
  static of(connection: KubernetesConnection, asked: Asked = {}): Cluster {
    return new Cluster(connection.client, discoveryOf(connection.client), asked);
  }

  /** The same cluster for questions that only help: it gives up soon. */
  impatient(): Cluster {
    const { signal } = this.#asked;
    return new Cluster(this.client, this.#discovery, {
      patienceMs: 1_000,
      until: Date.now() + 5_000,
      ...(signal && { signal }),
    });
  }

  /** The resource that a name means: `deploy`, `deployments.apps`. Throws MusterError. */
  named(name: string): Promise<Resource> {
    return this.#discovery.named(name, this.#asked);
  }

  /** The resource of a manifest's `apiVersion` and `kind`. Throws MusterError. */
  ofKind(apiVersion: string, kind: string): Promise<Resource> {
    return this.#discovery.ofKind(apiVersion, kind, this.#asked);
  }

  /** All versions in which a kind of a group is served, the preferred first. */
  versionsOf(group: string, name: string): Promise<Resource[]> {
    return this.#discovery.versionsOf(group, name, this.#asked);
  }

  /** Reads `deployment/orders` into its place. Throws MusterError where the kind is unknown. */
  async place(text: string, namespace: string): Promise<Place> {
    const [kind = '', ...name] = text.split('/');
    const resource = await this.named(kind);
    return {
      resource,
      namespace: resource.namespaced ? namespace : null,
      name: name.join('/'),
    };
  }

  /** Throws MusterError `kubernetes-not-found`, with names that are near it. */
  async get<T = KubeObject>(place: Place, schema?: z.ZodType<T>): Promise<T> {
    try {
      return await this.#read(place, schema);
    } catch (error) {
      if (isStatus(error, 404)) throw await this.#missing(place);
      throw error;
    }
  }

  /** Null where it does not exist. */
  async find<T = KubeObject>(place: Place, schema?: z.ZodType<T>): Promise<T | null> {
    try {
      return await this.#read(place, schema);
    } catch (error) {
      if (isStatus(error, 404)) return null;
      throw error;
    }
  }

  /** All objects of a kind, page by page. `namespace` null means all. */
  async list<T = KubeObject>(
    resource: Resource,
    namespace: string | null,
    query: Query = {},
    schema?: z.ZodType<T>,
  ): Promise<T[]> {
    const items: T[] = [];
    let next: string | undefined;
    do {
      const page = await this.client.read(pathOf(resource, namespace), {
        ...this.#asked,
        doing: `list ${resource.name}${namespace === null ? '' : ` in ${namespace}`}`,
        // Without a schema T is KubeObject.
        schema: listOf((schema ?? objectSchema) as z.ZodType<T>),
        query: { limit: PAGE, ...query, continue: next },
      });
      for (const item of page.items) {
        // Items of a list come without their kind.
        items.push(
          typeof item === 'object' && item !== null && !('kind' in item)
            ? { apiVersion: page.apiVersion, kind: resource.kind, ...item }
            : item,
        );
      }
      next = page.metadata.continue || undefined;
    } while (next !== undefined);
    return items;
  }

  /**
   * A patch that comes to the same when it is sent twice. Where its answer is lost, `isDone` of the
   * object says whether it was made.
   */
  async patch(
    place: Place,
    patch: unknown,
    type: 'strategic' | 'merge' | 'json' | 'apply',
    options: {
      doing: string;
      isDone: (now: KubeObject) => boolean;
      dryRun?: boolean;
      force?: boolean;
      subresource?: string;
    },
  ): Promise<KubeObject> {
    const { doing, isDone, dryRun, force, subresource } = options;
    refuseHidden(place, patch);
    const contentType = {
      strategic: 'application/strategic-merge-patch+json',
      merge: 'application/merge-patch+json',
      json: 'application/json-patch+json',
      apply: 'application/apply-patch+yaml',
    }[type];
    const path = pathOf(place.resource, place.namespace, place.name);
    return this.client.change(subresource === undefined ? path : `${path}/${subresource}`, {
      ...this.#asked,
      method: 'PATCH',
      body: patch,
      contentType,
      doing,
      schema: objectSchema,
      query: {
        fieldManager,
        dryRun: dryRun === true ? 'All' : undefined,
        force: type === 'apply' ? force === true : undefined,
      },
      lookUp: async () => {
        const now = await this.find(place);
        return now !== null && isDone(now) ? now : null;
      },
    });
  }

  /** Makes an object. `mark` is true of one that this very call made, where its answer was lost. */
  async create(
    place: Place,
    object: unknown,
    options: { doing: string; mark: (found: KubeObject) => boolean; dryRun?: boolean },
  ): Promise<KubeObject> {
    refuseHidden(place, object);
    return this.client.change(pathOf(place.resource, place.namespace), {
      ...this.#asked,
      method: 'POST',
      body: object,
      doing: options.doing,
      schema: objectSchema,
      query: { fieldManager, dryRun: options.dryRun === true ? 'All' : undefined },
      lookUp: async () => {
        const found = await this.find(place);
        return found !== null && options.mark(found) ? found : null;
      },
    });
  }

  /** Puts a whole object in place of another whose version it names. */
  async replace(place: Place, object: KubeObject, doing: string): Promise<KubeObject> {
    refuseHidden(place, object);
    return this.client.change(pathOf(place.resource, place.namespace, place.name), {
      ...this.#asked,
      method: 'PUT',
      body: object,
      doing,
      schema: objectSchema,
      query: { fieldManager },
      // A version that is still the old one shows that nothing arrived.
      lookUp: async () => {
        const now = await this.find(place);
        return now !== null && now.metadata.resourceVersion !== object.metadata.resourceVersion
          ? now
          : null;
      },
    });
  }

  /** Deletes this very object (by UID); false where it is gone already. */
  async remove(
    place: Place,
    uid: string | undefined,
    options: { doing: string; graceSeconds?: number; cascade?: string; dryRun?: boolean },
  ): Promise<boolean> {
    try {
      await this.client.change(pathOf(place.resource, place.namespace, place.name), {
        ...this.#asked,
        method: 'DELETE',
        body: {
          ...(uid !== undefined && { preconditions: { uid } }),
          ...(options.graceSeconds !== undefined && { gracePeriodSeconds: options.graceSeconds }),
          propagationPolicy: {
            background: 'Background',
            foreground: 'Foreground',
            orphan: 'Orphan',
          }[options.cascade ?? 'background'],
        },
        doing: options.doing,
        schema: anything,
        query: { dryRun: options.dryRun === true ? 'All' : undefined },
        // Deleting this UID again comes to the same.
        lookUp: async () => null,
      });
      return true;
    } catch (error) {
      if (isStatus(error, 404)) return false;
      // Another object of the same name stands there: the one that was meant is gone.
      if (uid !== undefined && isStatus(error, 409)) {
        const now = await this.find(place);
        if (now === null || now.metadata.uid !== uid) return false;
      }
      throw error;
    }
  }

  async #read<T>(place: Place, schema?: z.ZodType<T>): Promise<T> {
    const { resource, namespace, name } = place;
    return this.client.read(pathOf(resource, namespace, name), {
      ...this.#asked,
      doing: `read ${describePlace(place)}`,
      schema: (schema ?? objectSchema) as z.ZodType<T>,
    });
  }

  async #missing(place: Place): Promise<MusterError> {
    const { resource, namespace, name } = place;
    const names = await this.list(resource, namespace, {}).then(
      (items) => items.map((item) => item.metadata.name),
      // The names only help; whoever may not list them still learns what is missing.
      () => [],
    );
    const near = nearNames(name, names);
    const known = near.length > 0 ? near : names.slice(0, 5);
    const where = namespace === null ? '' : ` in the namespace ${namespace}`;
    return new MusterError({
      code: 'kubernetes-not-found',
      what: `There is no ${resource.singular}/${name}${where}.`,
      safe: 'Nothing was changed.',
      next:
        known.length === 0
          ? 'Check the name and the namespace, then retry.'
          : `Did you mean ${known.join(', ')}? Correct the name or the namespace, then retry.`,
    });
  }
}

export function describePlace({ resource, namespace, name }: Place): string {
  return `${resource.singular}/${name}${namespace === null ? '' : ` in ${namespace}`}`;
}

/** What stands for a secret in what was kept must never become a value of a real object. */
function refuseHidden(place: Place, body: unknown): void {
  if (!holdsHidden(body)) return;
  throw secretNotKept([describePlace(place)], 'What stands there now was left as it is.');
}

const anything = z.unknown();

const known = new WeakMap<KubernetesClient, Discovery>();

function discoveryOf(client: KubernetesClient): Discovery {
  const found = known.get(client) ?? new Discovery(client);
  known.set(client, found);
  return found;
}
