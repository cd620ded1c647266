import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import {
  type Conflict,
  changedSince,
  type HoldsSecret,
  takeBack,
} from '../../../core/kubernetes/take-back.ts';
import { holdsHidden } from '../../../core/ledger/hidden-values.ts';
import type { MusterError } from '../../../core/problem.ts';
import type { Done } from '../../steps/structured.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import { type KubeObject, objectSchema } from '../objects/object.ts';
import { secretNotKept } from '../objects/secret-not-kept.ts';
import { difference } from '../objects/shown.ts';
import { changedSinceStep, fieldInWords, onCurrent } from './changed-since.ts';
import { rest, seconds, type Work } from './work.ts';

const beforeSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().nullable(),
  name: z.string(),
  /** Null where there was none; `secret` where it is not kept because it holds secret values. */
  object: z.union([objectSchema, z.literal('secret')]).nullable(),
  /** What the step left; null where it left none. A secret's object is not kept. */
  left: z
    .object({
      uid: z.string().optional(),
      version: z.string().optional(),
      object: objectSchema.nullable(),
    })
    .nullable(),
});
/** An object as it was before a step, and as the step left it. */
export type Before = z.output<typeof beforeSchema>;

/** What an earlier try of the step kept, by place. */
export type Earlier = ReadonlyMap<string, Before>;

export function earlierOf({ context }: Work<unknown>): Earlier {
  const kept = z.array(beforeSchema).nullable().parse(context.earlier()) ?? [];
  return new Map(kept.map((one) => [keyOf(one), one]));
}

function keyOf({ apiVersion, kind, namespace, name }: Before): string {
  return JSON.stringify([apiVersion, kind, namespace, name]);
}

/** Keeps what is there before the first change; what an earlier try kept of the same object counts. */
export function keepObjects(
  { context }: Work<unknown>,
  earlier: Earlier,
  objects: readonly { place: Place; object: KubeObject | null }[],
): void {
  const now = objects.map(({ place, object }) => remember(place, object, null));
  context.keep([
    ...new Map([...now.map((one) => [keyOf(one), one] as const), ...earlier]).values(),
  ]);
}

/** What an earlier try took away, so that this one did not find it. */
export function missedBy(earlier: Earlier, before: readonly Before[]): Before[] {
  const found = new Set(before.map(keyOf));
  return [...earlier].filter(([key]) => !found.has(key)).map(([, one]) => one);
}

/**
 * What of an object is kept to put it back: nothing that the server sets, and no secret values. Where
 * this try changed nothing, an earlier one may have: then it was before the step as that one found it.
 */
export function remember(
  place: Place,
  object: KubeObject | null,
  left: KubeObject | null,
  earlier: Earlier = new Map(),
): Before {
  const { group, version, kind } = place.resource;
  const isSecret = kind === 'Secret';
  const own: Before = {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    namespace: place.namespace,
    name: place.name,
    object: object === null ? null : isSecret ? 'secret' : bare(object),
    left: left && {
      uid: left.metadata.uid,
      version: left.metadata.resourceVersion,
      object: isSecret ? null : bare(left),
    },
  };
  const first = earlier.get(keyOf(own));
  if (first === undefined || object === null || left === null) return own;
  const isUnchanged = isSecret
    ? object.metadata.resourceVersion === left.metadata.resourceVersion
    : isDeepStrictEqual(bare(object), bare(left));
  return isUnchanged ? { ...own, object: first.object } : own;
}

function bare(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const {
    managedFields,
    uid,
    creationTimestamp,
    generation,
    selfLink,
    resourceVersion,
    ...metadata
  } = object.metadata;
  return { ...rest, metadata };
}

/** What is to be done to one object so that it is again as it was. */
type Plan =
  | { kind: 'none' }
  | { kind: 'delete'; uid: string | undefined }
  | { kind: 'create'; object: KubeObject }
  | { kind: 'replace'; object: KubeObject }
  | { kind: 'not-kept' }
  /** The step's own deletion is not at its end yet. */
  | { kind: 'going' }
  | Changed;

interface Changed {
  kind: 'changed';
  conflicts: Conflict[];
  /** Null where somebody else deleted it. */
  now: KubeObject | null;
}

interface ChangedPlace {
  place: Place;
  one: Before;
  plan: Changed;
}

/**
 * Takes back what a step did to objects: deletes what it made, makes what it deleted, and gives the
 * fields that it changed the values that they had. What others changed since stays; where that is the
 * very same, nothing at all is put back.
 */
export async function putBack(work: Work<unknown>, before: unknown): Promise<Done> {
  const began = Date.now();
  const counts = { deleted: 0, put: 0 };
  const secrets: Place[] = [];
  const kept: { place: Place; one: Before }[] = [];
  for (const one of z.array(beforeSchema).parse(before)) {
    const resource = await work.cluster.ofKind(one.apiVersion, one.kind);
    kept.push({ place: { resource, namespace: one.namespace, name: one.name }, one });
  }
  const { holdsSecret } = work.context;
  const changed: ChangedPlace[] = [];
  for (const { place, one } of kept) {
    const plan = planFor(one, await work.cluster.find(place), holdsSecret);
    if (plan.kind === 'changed') changed.push({ place, one, plan });
  }
  if (changed.length > 0) throw changedByOthers(changed, 'Nothing was put back.');
  // In reverse, so that what others stand on goes last.
  for (const { place, one } of kept.reverse()) {
    const did = await carryOut(work, place, one);
    if (did === 'deleted') counts.deleted += 1;
    else if (did === 'put') counts.put += 1;
    if (did === 'not-kept') secrets.push(place);
    else work.context.log(`${describePlace(place)} is as it was before.`);
  }
  if (secrets.length > 0) {
    const safe = 'Everything else is as it was before. What stands there now was left as it is.';
    throw secretNotKept(secrets.map(describePlace), safe);
  }
  return {
    summary: `Put ${counts.put} objects back and deleted ${counts.deleted} in ${seconds(began)}.`,
    values: { count: counts.put + counts.deleted },
  };
}

function planFor({ object, left }: Before, now: KubeObject | null, holdsSecret: HoldsSecret): Plan {
  if (object === 'secret') return { kind: 'not-kept' };
  if (object === null) {
    if (now === null) return { kind: 'none' };
    const conflicts = sinceMade(left, now, holdsSecret);
    return conflicts.length > 0
      ? { kind: 'changed', conflicts, now }
      : { kind: 'delete', uid: now.metadata.uid };
  }
  if (left === null) {
    if (now === null) {
      return holdsHidden(object) ? { kind: 'not-kept' } : { kind: 'create', object };
    }
    if (now.metadata.deletionTimestamp) return { kind: 'going' };
    return changedSince(object, bare(now), holdsSecret).length === 0
      ? { kind: 'none' }
      : { kind: 'changed', conflicts: [{ path: '', left: undefined, now: now.metadata.uid }], now };
  }
  if (now === null) {
    return { kind: 'changed', conflicts: [{ path: '', left: left.uid, now: undefined }], now };
  }
  const { value, conflicts } = takeBack(object, left.object ?? undefined, bare(now), holdsSecret);
  if (conflicts.length > 0) return { kind: 'changed', conflicts, now };
  if (holdsHidden(value)) return { kind: 'not-kept' };
  const back = objectSchema.parse(value);
  if (isDeepStrictEqual(back, bare(now))) return { kind: 'none' };
  const { resourceVersion, uid } = now.metadata;
  const metadata = {
    ...back.metadata,
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(uid !== undefined && { uid }),
  };
  return { kind: 'replace', object: { ...back, metadata } };
}

/** What others did to an object that the step made. What controllers add to it is no change. */
function sinceMade(left: Before['left'], now: KubeObject, holdsSecret: HoldsSecret): Conflict[] {
  if (left === null || left.uid !== now.metadata.uid) {
    return [{ path: '', left: left?.uid, now: now.metadata.uid }];
  }
  if (left.object === null) {
    const isSame = left.version === now.metadata.resourceVersion;
    return isSame ? [] : [{ path: 'data', left: 'its values', now: 'others' }];
  }
  const added = ['data', 'binaryData'].flatMap((part) => {
    const [made, found] = [keysOf(left.object?.[part]), keysOf(now[part])];
    return found
      .filter((key) => !made.includes(key))
      .map((key) => ({ path: `${part}.${key}`, left: undefined, now: 'a value' }));
  });
  return [...changedSince(left.object, bare(now), holdsSecret), ...added];
}

function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

const LOOK_AGAIN_MS = 500;

async function carryOut(
  work: Work<unknown>,
  place: Place,
  one: Before,
): Promise<'none' | 'deleted' | 'put' | 'not-kept'> {
  for (;;) {
    const did = await onCurrent(() => carryOutOnce(work, place, one));
    if (did !== 'going') return did;
    await rest(LOOK_AGAIN_MS, work.context.signal);
  }
}

async function carryOutOnce(work: Work<unknown>, place: Place, one: Before) {
  const doing = `put ${describePlace(place)} back`;
  const plan = planFor(one, await work.cluster.find(place), work.context.holdsSecret);
  switch (plan.kind) {
    case 'none':
    case 'not-kept':
    case 'going':
      return plan.kind;
    case 'delete': {
      const asked = { doing: `delete ${describePlace(place)}` };
      return (await work.cluster.remove(place, plan.uid, asked)) ? 'deleted' : 'none';
    }
    case 'create':
      await work.cluster.create(place, plan.object, { doing, mark: () => true });
      return 'put';
    case 'replace':
      await work.cluster.replace(place, plan.object, doing);
      return 'put';
    case 'changed':
      throw changedByOthers([{ place, one, plan }], 'Some objects may be put back already.');
  }
}

/** As many changes of one object are told in the sentence; the rest is in the difference. */
const MOST_TOLD = 3;

function changedByOthers(changed: readonly ChangedPlace[], safe: string): MusterError {
  const told = changed.map(({ place, one, plan: { conflicts, now: found } }) => {
    if (found === null) return `${describePlace(place)} was deleted`;
    if (one.left === null) return `${describePlace(place)} was made anew`;
    if (conflicts[0]?.path === '') {
      return `${describePlace(place)} is another object of the same name now`;
    }
    const fields = conflicts
      .slice(0, MOST_TOLD)
      .map(({ path, left, now }) => fieldInWords(path, left, now));
    const more = conflicts.length > MOST_TOLD ? `; and ${conflicts.length - MOST_TOLD} more` : '';
    return `${describePlace(place)}: ${fields.join('; ')}${more}`;
  });
  // Beside a text that is not kept, the one that is there now may be the same secret.
  const detail = changed
    .filter(({ one }) => !holdsHidden(one.left))
    .map(({ place, one, plan: { now } }) =>
      difference(describePlace(place), one.left?.object ?? null, now),
    )
    .join('\n');
  return changedSinceStep(told, safe, detail || undefined);
}
