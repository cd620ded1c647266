import {
  type CareLevel,
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
}

export function draftOf(target: Target | null): Draft {
  const store = target?.objectStore ?? null;
  const s3 = store?.kind === 's3' ? store : null;
  return {
    name: target?.name ?? '',
    colour: target?.colour ?? 'blue',
    care: target?.care ?? 'standard',
    namespace: target?.namespace ?? '',
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
  };
}

type Read =
  | { ok: true; target: Target }
  /** `field` names the part of the draft that is wrong, where one is. */
  | { ok: false; field: string; why: string };

/** What a draft says. What the form does not show, such as databases, stays as it was. */
export function readDraft(draft: Draft, before: Target | null): Read {
  const { context } = draft;
  const wasContext = before?.kubernetes?.context === context;
  const kubeconfig = wasContext ? (before?.kubernetes?.kubeconfig ?? null) : null;
  const parsed = targetSchema.safeParse({
    name: draft.name,
    colour: draft.colour,
    care: draft.care,
    namespace: orNull(draft.namespace),
    kubernetes: context === '' ? null : { kubeconfig, context },
    objectStore: storeOf(draft),
    databases: before?.databases ?? {},
  });
  if (parsed.success) return { ok: true, target: parsed.data };
  const [issue] = parsed.error.issues;
  const field = String(issue?.path.at(-1) ?? 'store');
  return { ok: false, field, why: issue?.message ?? 'It is not complete.' };
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
