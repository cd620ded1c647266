import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { MusterError } from '../../../core/problem.ts';
import {
  type ClusterEntry,
  type KubeconfigFile,
  type Named,
  parseCluster,
  parseContext,
  parseUser,
  readKubeconfigFile,
  type UserEntry,
} from './read.ts';

/** Where kubeconfigs are looked for. */
export interface KubeconfigSources {
  /** The environment with `KUBECONFIG`, `HTTPS_PROXY` and what plugins need. */
  env: Readonly<Record<string, string | undefined>>;
  /** The person's home folder; `.kube/config` in it is read where `KUBECONFIG` is not set. */
  home: string;
  /** Files that were added in Muster; they come last, so that they change nothing of the others. */
  added: readonly string[];
}

/** One context as a list shows it. */
export interface ListedContext {
  name: string;
  /** The file that the context itself is from. */
  file: string;
  server: string | null;
  /** The name of the account's entry; never what is in it. */
  user: string | null;
  namespace: string | null;
  isCurrent: boolean;
  /** Why it cannot be used, in words; null where it can be tried. */
  broken: string | null;
}

export interface ContextList {
  contexts: ListedContext[];
  /** Files that could not be read, with the reason. */
  brokenFiles: { file: string; reason: string }[];
}

/** A context with all that it refers to. Holds credentials: it stays in the process that reads it. */
export interface Account {
  context: string;
  clusterName: string;
  userName: string;
  namespace: string | null;
  cluster: ClusterEntry & { server: string };
  user: UserEntry;
}

/** All contexts of the sources, merged as kubectl does; broken ones are in the list with a reason. */
export function listContexts(sources: KubeconfigSources): ContextList {
  const merged = merge(sources);
  return {
    contexts: [...merged.contexts.values()].map((entry) => {
      const { context, found } = lookUp(merged, entry);
      const isText = typeof found === 'string';
      return {
        name: entry.name,
        file: entry.file,
        server: isText ? serverOf(merged, context.cluster) : found.cluster.server,
        user: context.user ?? null,
        namespace: context.namespace ?? null,
        isCurrent: merged.current === entry.name,
        broken: isText ? found : null,
      };
    }),
    brokenFiles: merged.files.flatMap(({ path, problem }) =>
      problem === null ? [] : [{ file: path, reason: problem }],
    ),
  };
}

/** The account of one context. Throws MusterError where it is missing or broken. */
export function accountOf(sources: KubeconfigSources, name: string): Account {
  const merged = merge(sources);
  const entry = merged.contexts.get(name);
  if (!entry) {
    const names = [...merged.contexts.keys()];
    throw new MusterError({
      code: 'kubernetes-context-missing',
      what: `No kubeconfig has a context named ${name}.`,
      safe: 'Nothing was sent to any cluster.',
      next:
        names.length === 0
          ? 'Add a kubeconfig with this context.'
          : `Choose one of ${names.slice(0, 12).join(', ')}, or add the kubeconfig that has it.`,
    });
  }
  const { found } = lookUp(merged, entry);
  if (typeof found === 'string') {
    throw new MusterError({
      code: 'kubernetes-context-broken',
      what: `The context ${name} cannot be used: ${found}.`,
      safe: 'Nothing was sent to any cluster.',
      next: 'Mend the kubeconfig, then try again.',
      place: { file: entry.file },
    });
  }
  return found;
}

interface Merged {
  files: KubeconfigFile[];
  current: string | undefined;
  clusters: Map<string, Named>;
  users: Map<string, Named>;
  contexts: Map<string, Named>;
}

/** The first file that names a thing wins, whole; the first current context wins. */
function merge(sources: KubeconfigSources): Merged {
  const listed = (sources.env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  const paths = listed.length > 0 ? listed : [join(sources.home, '.kube', 'config')];
  const files = [...new Set([...paths, ...sources.added])].flatMap((path) => {
    const file = readKubeconfigFile(path);
    if (file !== null) return [file];
    // kubectl passes over a missing file in silence; one that a person added is worth a word.
    return sources.added.includes(path) ? [missing(path)] : [];
  });
  const first = (key: 'clusters' | 'users' | 'contexts'): Map<string, Named> => {
    const all = new Map<string, Named>();
    for (const file of files) {
      for (const entry of file[key]) if (!all.has(entry.name)) all.set(entry.name, entry);
    }
    return all;
  };
  return {
    files,
    current: files.find((file) => file.currentContext !== undefined)?.currentContext,
    clusters: first('clusters'),
    users: first('users'),
    contexts: first('contexts'),
  };
}

function missing(path: string): KubeconfigFile {
  return {
    path,
    problem: 'the file is gone',
    currentContext: undefined,
    clusters: [],
    users: [],
    contexts: [],
  };
}

type Context = {
  cluster?: string | undefined;
  user?: string | undefined;
  namespace?: string | undefined;
};

/** The account behind a context, or why there is none. */
function lookUp(merged: Merged, entry: Named): { context: Context; found: Account | string } {
  const context = parseContext(entry);
  if (typeof context === 'string') return { context: {}, found: context };
  const broken = (found: string) => ({ context, found });
  if (context.cluster === undefined) return broken('it names no cluster');
  const clusterEntry = merged.clusters.get(context.cluster);
  if (!clusterEntry) return broken(`its cluster ${context.cluster} is in no file`);
  const cluster = parseCluster(clusterEntry);
  if (typeof cluster === 'string') return broken(`cluster ${context.cluster}: ${cluster}`);
  const { server } = cluster;
  if (server === undefined) return broken(`its cluster ${context.cluster} has no server`);
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) {
    return broken(`the server of its cluster ${context.cluster} is no http or https address`);
  }
  let user: UserEntry | string = parseUser({ name: '', value: {}, file: entry.file });
  if (context.user !== undefined) {
    const userEntry = merged.users.get(context.user);
    if (!userEntry) return broken(`its user ${context.user} is in no file`);
    user = parseUser(userEntry);
  }
  if (typeof user === 'string') return broken(`user ${context.user}: ${user}`);
  const unreadable = [
    cluster['certificate-authority-data'] ? undefined : cluster['certificate-authority'],
    user['client-certificate-data'] ? undefined : user['client-certificate'],
    user['client-key-data'] ? undefined : user['client-key'],
    user.tokenFile,
  ].find((path) => path !== undefined && !isReadable(path));
  if (unreadable !== undefined) return broken(`the file ${unreadable} cannot be read`);
  const account: Account = {
    context: entry.name,
    clusterName: context.cluster,
    userName: context.user ?? '',
    namespace: context.namespace ?? null,
    cluster: { ...cluster, server: server.replace(/\/+$/, '') },
    user,
  };
  return { context, found: account };
}

function serverOf(merged: Merged, name: string | undefined): string | null {
  const entry = name === undefined ? undefined : merged.clusters.get(name);
  const cluster = entry && parseCluster(entry);
  return typeof cluster === 'object' ? (cluster.server ?? null) : null;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
