import { resolve as absolute } from 'node:path';
import { MusterError } from '../core/problem.ts';
import {
  type CareLevel,
  type DatabasePlace,
  databasePlaceSchema,
  type ObjectStorePlace,
  type Target,
  type TargetColour,
  targetSchema,
} from '../core/targets/target.ts';

/** What `muster targets add` and `edit` take. */
export interface TargetOptions {
  colour?: TargetColour;
  care?: CareLevel;
  namespace?: string;
  context?: string;
  kubeconfig?: string;
  profile?: string;
  endpoint?: string;
  region?: string;
  pathStyle?: true;
  bucket?: string;
  accessKey?: string;
  secretKey?: string;
  folder?: string;
  prometheus?: string;
  database: string[];
  password: string[];
  without?: string[];
}

const usualColours = { practice: 'teal', standard: 'blue', critical: 'red' } as const;

/**
 * A target from what the command line says; `before` is the one that is changed, or null for a new
 * one. Throws MusterError `target-invalid`.
 */
export function targetFrom(name: string, options: TargetOptions, before: Target | null): Target {
  const without = new Set(options.without);
  const care = options.care ?? before?.care ?? 'standard';
  const target = {
    name,
    colour: options.colour ?? before?.colour ?? usualColours[care],
    care,
    namespace: options.namespace ?? (without.has('namespace') ? null : (before?.namespace ?? null)),
    kubernetes: clusterFrom(options, without.has('cluster') ? null : (before?.kubernetes ?? null)),
    objectStore: storeFrom(options, without.has('store') ? null : (before?.objectStore ?? null)),
    databases: databasesFrom(options, without.has('databases') ? {} : (before?.databases ?? {})),
    prometheus:
      options.prometheus ?? (without.has('prometheus') ? null : (before?.prometheus ?? null)),
  };
  const parsed = targetSchema.safeParse(target);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`${issue?.path.join('.') || 'it'}: ${issue?.message}`);
}

function clusterFrom(
  { context, kubeconfig }: TargetOptions,
  before: Target['kubernetes'],
): Target['kubernetes'] {
  if (context === undefined && kubeconfig === undefined) return before;
  const chosen = context ?? before?.context;
  if (chosen === undefined) throw invalid('--kubeconfig needs --context');
  const file = kubeconfig === undefined ? (before?.kubeconfig ?? null) : fromHere(kubeconfig);
  return { context: chosen, kubeconfig: file };
}

function storeFrom(
  options: TargetOptions,
  before: ObjectStorePlace | null,
): ObjectStorePlace | null {
  const { profile, endpoint, region, pathStyle, bucket, accessKey, secretKey, folder } = options;
  const s3 = { profile, endpoint, region, pathStyle, bucket, accessKey, secretKey };
  const isS3 = Object.values(s3).some((value) => value !== undefined);
  if (folder !== undefined) {
    if (isS3) throw invalid('--folder goes with no other option of the object store');
    return { kind: 'folder', path: fromHere(folder) };
  }
  if (!isS3) return before;
  const was = before?.kind === 's3' ? before : null;
  // A profile takes the place of keys, and keys that of a profile.
  const keepsKeys = profile === undefined;
  const keepsProfile = accessKey === undefined && secretKey === undefined;
  return {
    kind: 's3',
    profile: profile ?? (keepsProfile ? (was?.profile ?? null) : null),
    endpoint: endpoint ?? was?.endpoint ?? null,
    region: region ?? was?.region ?? 'us-east-1',
    pathStyle: pathStyle ?? was?.pathStyle ?? false,
    bucket: bucket ?? was?.bucket ?? null,
    accessKey: accessKey ?? (keepsKeys ? (was?.accessKey ?? null) : null),
    secretKey: secretKey ?? (keepsKeys ? (was?.secretKey ?? null) : null),
  };
}

function databasesFrom(
  { database, password }: TargetOptions,
  before: Target['databases'],
): Target['databases'] {
  const databases = { ...before };
  for (const text of database) {
    const [name, url] = pair(text, '--database');
    databases[name] = { ...placeIn(url), password: databases[name]?.password ?? null };
  }
  for (const text of password) {
    const [name, reference] = pair(text, '--password');
    const place = databases[name];
    if (!place) throw invalid(`--password names "${name}", and there is no such --database`);
    databases[name] = { ...place, password: reference };
  }
  return databases;
}

function placeIn(text: string): Omit<DatabasePlace, 'password'> {
  if (!URL.canParse(text)) throw invalid('--database needs an address such as postgresql://u@h/db');
  const url = new URL(text);
  if (!/^postgres(?:ql)?:$/.test(url.protocol)) throw invalid('only postgresql:// is known');
  // The address stands in the shell's history by now.
  if (url.password !== '') {
    throw invalid(
      'an address has no password; give --password NAME=REFERENCE, and change this one',
    );
  }
  const parsed = databasePlaceSchema.shape.sslmode.safeParse(
    url.searchParams.get('sslmode') ?? 'prefer',
  );
  if (!parsed.success) throw invalid('the sslmode is none that PostgreSQL knows');
  const certificates = url.searchParams.get('sslrootcert');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 5432 : Number(url.port),
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    sslmode: parsed.data,
    sslRootCert: certificates === null ? null : fromHere(certificates),
    through: url.searchParams.get('through'),
  };
}

function pair(text: string, option: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw invalid(`${option} needs NAME=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function fromHere(path: string): string {
  return absolute(process.env.INIT_CWD ?? '.', path);
}

function invalid(why: string): MusterError {
  return new MusterError({
    code: 'target-invalid',
    what: `This is no target: ${why}.`,
    safe: 'Nothing was changed.',
    next: 'See "muster targets add --help".',
  });
}
