import {
  type CareLevel,
  type DatabasePlace,
  type S3Place,
  type Target,
  type TargetColour,
  targetSchema,
} from '../../core/targets/target.ts';

/** The form as it is typed: texts, empty for what is not there. */
export interface Draft {
  name: string;
  colour: TargetColour;
  care: CareLevel;
  namespace: string;
  /** Empty for the usual ones. */
  kubeconfig: string;
  context: string;
  store: 'none' | 's3' | 'folder';
  profile: string;
  endpoint: string;
  region: string;
  pathStyle: boolean;
  bucket: string;
  accessKey: string;
  secretKey: string;
  folder: string;
  prometheus: string;
  databases: readonly DatabaseDraft[];
}

/** A database connection as it is typed. */
export interface DatabaseDraft {
  /** Tells it from the others while its name is typed. */
  id: number;
  name: string;
  host: string;
  port: string;
  database: string;
  user: string;
  password: string;
  sslmode: DatabasePlace['sslmode'];
  sslRootCert: string;
  through: string;
}

export function newDatabase(databases: readonly DatabaseDraft[]): DatabaseDraft {
  return {
    id: Math.max(0, ...databases.map(({ id }) => id)) + 1,
    name: databases.length === 0 ? 'main' : '',
    host: '',
    port: '5432',
    database: '',
    user: '',
    password: '',
    sslmode: 'prefer',
    sslRootCert: '',
    through: '',
  };
}

export function draftOf(target: Target | null): Draft {
  const store = target?.objectStore ?? null;
  const s3 = store?.kind === 's3' ? store : null;
  return {
    name: target?.name ?? '',
    colour: target?.colour ?? 'blue',
    care: target?.care ?? 'standard',
    namespace: target?.namespace ?? '',
    kubeconfig: target?.kubernetes?.kubeconfig ?? '',
    context: target?.kubernetes?.context ?? '',
    store: store?.kind ?? 'none',
    profile: s3?.profile ?? '',
    endpoint: s3?.endpoint ?? '',
    region: s3?.region ?? 'us-east-1',
    pathStyle: s3?.pathStyle ?? false,
    bucket: s3?.bucket ?? '',
    accessKey: s3?.accessKey ?? '',
    secretKey: s3?.secretKey ?? '',
    folder: store?.kind === 'folder' ? store.path : '',
    prometheus: target?.prometheus ?? '',
    databases: Object.entries(target?.databases ?? {}).map(([name, place], id) => ({
      ...place,
      id,
      name,
      port: String(place.port),
      password: place.password ?? '',
      sslRootCert: place.sslRootCert ?? '',
      through: place.through ?? '',
    })),
  };
}

type Read =
  | { ok: true; target: Target }
  /** `field` names the part of the draft that is wrong, `database` the one that it belongs to. */
  | { ok: false; field: string; database: number | null; why: string };

/** What a draft says. */
export function readDraft(draft: Draft): Read {
  const { context, databases } = draft;
  const names = databases.map(({ name }) => name);
  const twice = databases.find(({ name }, index) => names.indexOf(name) !== index);
  if (twice) return { ok: false, field: 'name', database: twice.id, why: 'another one has it' };
  const parsed = targetSchema.safeParse({
    name: draft.name,
    colour: draft.colour,
    care: draft.care,
    namespace: orNull(draft.namespace),
    kubernetes: context === '' ? null : { kubeconfig: orNull(draft.kubeconfig), context },
    objectStore: storeOf(draft),
    databases: Object.fromEntries(databases.map((one) => [one.name, placeOf(one)])),
    prometheus: orNull(draft.prometheus),
  });
  if (parsed.success) return { ok: true, target: parsed.data };
  const [issue] = parsed.error.issues;
  const why = issue?.message ?? 'It is not complete.';
  const [part, name, ofDatabase] = issue?.path ?? [];
  if (part === 'databases') {
    const database = databases.find((one) => one.name === name)?.id ?? null;
    return { ok: false, field: String(ofDatabase ?? 'name'), database, why };
  }
  return { ok: false, field: String(issue?.path.at(-1) ?? 'store'), database: null, why };
}

function placeOf(draft: DatabaseDraft): DatabasePlace {
  const { host, port, database, user, password, sslmode, sslRootCert, through } = draft;
  return {
    host: host.trim(),
    port: Number(port),
    database: database.trim(),
    user: user.trim(),
    password: orNull(password),
    sslmode,
    sslRootCert: orNull(sslRootCert),
    through: orNull(through),
  };
}

function storeOf(draft: Draft): S3Place | { kind: 'folder'; path: string } | null {
  if (draft.store === 'none') return null;
  if (draft.store === 'folder') return { kind: 'folder', path: draft.folder };
  return {
    kind: 's3',
    profile: orNull(draft.profile),
    endpoint: orNull(draft.endpoint),
    region: draft.region,
    pathStyle: draft.pathStyle,
    bucket: orNull(draft.bucket),
    accessKey: orNull(draft.accessKey),
    secretKey: orNull(draft.secretKey),
  };
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

/** A name for a target that is made of this context or profile: `arn:…/prod_US` is `prod-us`. */
export function nameFrom(text: string): string {
  const last = text.split(/[/@:]/).at(-1) ?? '';
  return last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63);
}
