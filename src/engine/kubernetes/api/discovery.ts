import { z } from 'zod';
import { nearNames } from '../../../core/kubernetes/near-names.ts';
import { MusterError } from '../../../core/problem.ts';
import type { KubernetesClient } from './client.ts';

/** How long what a cluster serves is kept, in ms: a new CRD is found at once by asking again. */
const KEPT_MS = 10 * 60_000;

/** A kind of object as one version of the API serves it. */
export interface Resource {
  /** Empty for the core API. */
  group: string;
  version: string;
  /** Plural, lower case: `deployments`. */
  name: string;
  singular: string;
  kind: string;
  shortNames: readonly string[];
  namespaced: boolean;
  verbs: readonly string[];
  /** Such as `scale`, `eviction`. */
  subresources: ReadonlySet<string>;
}

const groupsSchema = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      versions: z.array(z.object({ version: z.string() })),
      preferredVersion: z.object({ version: z.string() }).optional(),
    }),
  ),
});

const resourcesSchema = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      singularName: z.string().optional(),
      namespaced: z.boolean(),
      kind: z.string(),
      verbs: z.array(z.string()).optional(),
      shortNames: z.array(z.string()).optional(),
    }),
  ),
});

/** How long may be asked: the signal and the end of whoever asks. */
export interface Hurry {
  signal?: AbortSignal;
  onRetry?: (why: string) => void;
  /** Milliseconds since 1970. */
  until?: number;
}

/** What a cluster serves: all groups in all versions, the preferred version of a group first. */
export class Discovery {
  readonly #client: KubernetesClient;
  #served: { at: number; resources: Resource[] } | null = null;
  /** Whoever asks several things at once asks the cluster once; nobody waits for another's end. */
  readonly #asking = new Map<Hurry, Promise<Resource[]>>();

  constructor(client: KubernetesClient) {
    this.#client = client;
  }

  /**
   * The resource that a name means, as kubectl reads it: `deploy`, `deployments`, `Deployment`,
   * `deployments.apps`, `deployments.v1.apps`. Throws MusterError `kubernetes-kind-unknown`.
   */
  async named(name: string, hurry: Hurry): Promise<Resource> {
    return this.#find(
      (resources) => byName(resources, name.toLowerCase()),
      (resources) => {
        const near = nearNames(name.toLowerCase(), [...new Set(resources.map((one) => one.name))]);
        return new MusterError({
          code: 'kubernetes-kind-unknown',
          what: `The cluster serves no kind named ${name}${near.length > 0 ? `; near it are ${near.join(', ')}` : ''}.`,
          safe: 'Nothing was changed.',
          next: 'Correct the kind, or install what defines it, then retry.',
        });
      },
      hurry,
    );
  }

  /** The resource of a manifest's `apiVersion` and `kind`. Throws MusterError. */
  async ofKind(apiVersion: string, kind: string, hurry: Hurry): Promise<Resource> {
    const [version = '', group = ''] = apiVersion.split('/').reverse();
    return this.#find(
      (resources) =>
        resources.find(
          (one) => one.kind === kind && one.group === group && one.version === version,
        ),
      (resources) => {
        const served = resources.filter((one) => one.kind === kind).map(apiVersionOf);
        return new MusterError({
          code: 'kubernetes-kind-unknown',
          what: `The cluster does not serve ${kind} in ${apiVersion}${served.length > 0 ? `, but in ${served.join(', ')}` : ''}.`,
          safe: 'Nothing was changed.',
          next:
            served.length > 0
              ? 'Write one of the versions that this cluster serves, then retry.'
              : 'Install what defines it, or correct the kind, then retry.',
        });
      },
      hurry,
    );
  }

  /** All versions in which a kind of a group is served, the preferred first. */
  async versionsOf(group: string, name: string, hurry: Hurry): Promise<Resource[]> {
    const resources = await this.#all(hurry);
    return resources.filter((one) => one.group === group && one.name === name);
  }

  async #find(
    choose: (resources: readonly Resource[]) => Resource | undefined,
    missing: (resources: readonly Resource[]) => MusterError,
    hurry: Hurry,
  ): Promise<Resource> {
    const known = this.#served;
    const found = choose(await this.#all(hurry));
    if (found) return found;
    // It may have been installed since.
    if (known !== null && known === this.#served) this.#served = null;
    const resources = await this.#all(hurry);
    const again = choose(resources);
    if (again) return again;
    throw missing(resources);
  }

  async #all(hurry: Hurry): Promise<Resource[]> {
    const known = this.#served;
    if (known !== null && Date.now() - known.at < KEPT_MS) return known.resources;
    const asking = this.#asking.get(hurry) ?? this.#ask(hurry);
    this.#asking.set(hurry, asking);
    try {
      const resources = await asking;
      this.#served = { at: Date.now(), resources };
      return resources;
    } finally {
      this.#asking.delete(hurry);
    }
  }

  async #ask(hurry: Hurry): Promise<Resource[]> {
    const options = { ...hurry, doing: 'learn what the cluster serves' };
    const { groups } = await this.#client.read('/apis', { ...options, schema: groupsSchema });
    const served = [
      { group: '', version: 'v1', path: '/api/v1' },
      ...groups.flatMap(({ name: group, versions, preferredVersion }) =>
        versions
          .map(({ version }) => ({ group, version, path: `/apis/${group}/${version}` }))
          .sort((a, b) => rank(b, preferredVersion) - rank(a, preferredVersion)),
      ),
    ];
    const lists = await Promise.all(
      served.map(async ({ group, version, path }) => {
        const list = await this.#client
          .read(path, {
            ...options,
            schema: resourcesSchema,
            patienceMs: group === '' ? 60_000 : 0,
          })
          // An aggregated API whose server is away must not take the others with it.
          .catch((error: unknown) => {
            if (group === '' || hurry.signal?.aborted === true) throw error;
            return { resources: [] };
          });
        return resourcesOf(group, version, list.resources);
      }),
    );
    return lists.flat();
  }
}

export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The path of a kind's collection, or of one object in it. `namespace` is left out where it has none. */
export function pathOf(resource: Resource, namespace: string | null, name?: string): string {
  const root = resource.group === '' ? '/api/v1' : `/apis/${apiVersionOf(resource)}`;
  const within =
    resource.namespaced && namespace !== null ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const one = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${root}${within}/${resource.name}${one}`;
}

function rank(one: { version: string }, preferred: { version: string } | undefined): number {
  return one.version === preferred?.version ? 1 : 0;
}

function resourcesOf(
  group: string,
  version: string,
  list: z.output<typeof resourcesSchema>['resources'],
): Resource[] {
  const below = new Map<string, Set<string>>();
  for (const { name } of list) {
    const [parent = '', child] = name.split('/');
    if (child === undefined) continue;
    below.set(parent, (below.get(parent) ?? new Set()).add(child));
  }
  return list
    .filter(({ name }) => !name.includes('/'))
    .map((one) => ({
      group,
      version,
      name: one.name,
      singular: one.singularName || one.kind.toLowerCase(),
      kind: one.kind,
      shortNames: one.shortNames ?? [],
      namespaced: one.namespaced,
      verbs: one.verbs ?? [],
      subresources: below.get(one.name) ?? new Set(),
    }));
}

/** Groups that repeat what another group holds in its newer form. */
const OLD_GROUPS = new Set(['extensions', 'events.k8s.io']);

function byName(resources: readonly Resource[], text: string): Resource | undefined {
  const [name = '', ...rest] = text.split('.');
  const matches = resources.filter(
    (one) => one.name === name || one.singular === name || one.shortNames.includes(name),
  );
  if (rest.length === 0) {
    return matches.find((one) => !OLD_GROUPS.has(one.group)) ?? matches[0];
  }
  const group = rest.join('.');
  return (
    matches.find((one) => one.group === group) ??
    matches.find((one) => one.version === rest[0] && one.group === rest.slice(1).join('.')) ??
    // `deployments.apps` may be cut short, as kubectl allows: `ingresses.networking`.
    matches.find((one) => one.group.startsWith(`${group}.`))
  );
}
