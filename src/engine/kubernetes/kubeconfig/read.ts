import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** A larger file is no kubeconfig, in bytes. */
const LARGEST_FILE = 8 * 1024 * 1024;

// Kubeconfigs are written by many tools, which leave `null` where there is nothing.
const text = z
  .string()
  .nullish()
  .transform((value) => (value === '' ? undefined : (value ?? undefined)));

const clusterSchema = z.object({
  server: text,
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': z.boolean().nullish(),
  'tls-server-name': text,
  'proxy-url': text,
});
export type ClusterEntry = z.output<typeof clusterSchema>;

const execSchema = z.object({
  apiVersion: text,
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: text,
  interactiveMode: text,
  provideClusterInfo: z.boolean().nullish(),
});
export type ExecEntry = z.output<typeof execSchema>;

const userSchema = z.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-uid': text,
  'as-groups': z.array(z.string()).nullish(),
  'auth-provider': z
    .object({ name: z.string(), config: z.record(z.string(), z.string()).nullish() })
    .nullish(),
  exec: execSchema.nullish(),
});
export type UserEntry = z.output<typeof userSchema>;

const contextSchema = z.object({ cluster: text, user: text, namespace: text });
export type ContextEntry = z.output<typeof contextSchema>;

// Each entry is kept as it is until it is known whether it is needed: one that is broken must not
// take the others with it.
const listOf = (key: string) =>
  z
    .array(z.looseObject({ name: z.string() }))
    .nullish()
    .transform((list) => (list ?? []).map((entry) => ({ name: entry.name, value: entry[key] })));

const fileSchema = z.object({
  'current-context': text,
  clusters: listOf('cluster'),
  users: listOf('user'),
  contexts: listOf('context'),
});

/** A named entry of a kubeconfig with the file that it came from. */
export interface Named {
  name: string;
  value: unknown;
  file: string;
}

/** What one kubeconfig says, its entries not looked into yet. */
export interface KubeconfigFile {
  path: string;
  /** Why it could not be read; its lists are then empty. */
  problem: string | null;
  currentContext: string | undefined;
  clusters: Named[];
  users: Named[];
  contexts: Named[];
}

/** Reads a kubeconfig; null where the file does not exist. Never throws. */
export function readKubeconfigFile(path: string): KubeconfigFile | null {
  const nothing = { path, currentContext: undefined, clusters: [], users: [], contexts: [] };
  try {
    const { size } = statSync(path);
    if (size > LARGEST_FILE) return { ...nothing, problem: 'it is larger than 8 MiB' };
    const content: unknown = parse(readFileSync(path, 'utf8')) ?? {};
    const read = fileSchema.safeParse(content);
    if (!read.success)
      return { ...nothing, problem: `it is no kubeconfig: ${firstOf(read.error)}` };
    const here = (entries: Omit<Named, 'file'>[]): Named[] =>
      entries.map((entry) => ({ ...entry, file: path }));
    return {
      path,
      problem: null,
      currentContext: read.data['current-context'],
      clusters: here(read.data.clusters),
      users: here(read.data.users),
      contexts: here(read.data.contexts),
    };
  } catch (error) {
    const { code, message } = error instanceof Error ? withCode(error) : withCode(new Error());
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    // The message of a YAML error quotes the line it stopped at, which may hold a token.
    return { ...nothing, problem: code === null ? 'it is not valid YAML' : message };
  }
}

export function parseCluster(entry: Named): ClusterEntry | string {
  return checked(clusterSchema, entry, (cluster, at) => ({
    ...cluster,
    'certificate-authority': at(cluster['certificate-authority']),
  }));
}

export function parseUser(entry: Named): UserEntry | string {
  return checked(userSchema, entry, (user, at) => ({
    ...user,
    'client-certificate': at(user['client-certificate']),
    'client-key': at(user['client-key']),
    tokenFile: at(user.tokenFile),
    exec: user.exec && {
      ...user.exec,
      // As kubectl: a command with a slash is relative to the file, a bare one is on the PATH.
      command: /[/\\]/.test(user.exec.command)
        ? (at(user.exec.command) ?? user.exec.command)
        : user.exec.command,
    },
  }));
}

export function parseContext(entry: Named): ContextEntry | string {
  return checked(contextSchema, entry, (context) => context);
}

/** The entry with its paths made absolute from its own file's folder, or what is wrong with it. */
function checked<T>(
  schema: z.ZodType<T>,
  entry: Named,
  finish: (value: T, at: (path: string | undefined) => string | undefined) => T,
): T | string {
  const read = schema.safeParse(entry.value ?? {});
  if (!read.success) return firstOf(read.error);
  const folder = dirname(entry.file);
  return finish(read.data, (path) =>
    path === undefined || isAbsolute(path) ? path : join(folder, path),
  );
}

function firstOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join('.') || 'the file'}: ${issue.message}` : 'unknown';
}

function withCode(error: Error): { code: string | null; message: string } {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { code: code?.startsWith('E') ? code : null, message: error.message };
}
