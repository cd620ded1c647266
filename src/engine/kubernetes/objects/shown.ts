import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import type { KubeObject } from './object.ts';

/** What kubectl keeps a copy of the whole object in, secret values included. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * An object as a record may hold it: without managedFields, and a Secret with the sizes of its
 * values in their place.
 */
export function shown(object: KubeObject): KubeObject {
  const { managedFields: _, annotations, ...metadata } = object.metadata;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => key !== LAST_APPLIED);
  const copy: KubeObject = {
    ...object,
    metadata: {
      ...metadata,
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
    },
  };
  if (object.kind !== 'Secret') return copy;
  const { data, stringData, ...rest } = copy;
  return {
    ...rest,
    metadata: copy.metadata,
    ...(data !== undefined && { data: sizes(data, 'base64') }),
    ...(stringData !== undefined && { stringData: sizes(stringData, 'utf8') }),
  };
}

function sizes(values: unknown, encoding: 'base64' | 'utf8'): Record<string, string> {
  if (typeof values !== 'object' || values === null) return {};
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      `(${Buffer.byteLength(String(value), encoding)} bytes)`,
    ]),
  );
}

/** Fields that change by themselves and would only hide what a person changes. */
function steady(object: KubeObject): unknown {
  const { status: _, ...rest } = shown(object);
  const { resourceVersion, generation, uid, creationTimestamp, selfLink, ...metadata } =
    rest.metadata;
  return { ...rest, metadata };
}

/** A unified difference of two objects as YAML; empty where nothing would change. */
export function difference(
  name: string,
  before: KubeObject | null,
  after: KubeObject | null,
): string {
  const text = (object: KubeObject | null): string =>
    object === null ? '' : stringify(steady(object), { sortMapEntries: true, lineWidth: 0 });
  const [from, to] = [text(before), text(after)];
  const secrets = changedSecrets(before, after);
  if (from === to)
    return secrets.length === 0 ? '' : `${name}: new values of ${secrets.join(', ')}\n`;
  return createTwoFilesPatch(
    before === null ? '/dev/null' : name,
    after === null ? '/dev/null' : name,
    from,
    to,
    undefined,
    undefined,
    { context: 3 },
  ).replace(/^(?:Index: .*\n)?=+\n/, '');
}

/** Keys of a Secret whose values differ although their sizes may not. */
function changedSecrets(before: KubeObject | null, after: KubeObject | null): string[] {
  if (before?.kind !== 'Secret' || after?.kind !== 'Secret') return [];
  const old = Object.entries(before.data ?? {});
  const now = new Map(Object.entries(after.data ?? {}));
  return old.filter(([key, value]) => now.get(key) !== value).map(([key]) => key);
}
