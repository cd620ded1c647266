import { z } from 'zod';
import { named } from '../../../core/objects/choose-latest.ts';
import type { RetentionPlan } from '../../../core/objects/retention.ts';
import { formatBytes } from '../../../core/units.ts';
import {
  carryOutPrune,
  type Marker,
  type PruneRequest,
  planPrune,
  refused,
  versionUri,
} from '../prune.ts';
import type { ObjectEntry, ObjectStore } from '../store.ts';
import { basisOf, tellerFor } from './basis.ts';
import { counted, entriesOf, placeOf, type Verb, type VerbContext } from './verb.ts';

const DAY_MS = 24 * 3600 * 1000;

const beforeSchema = z.object({
  bucket: z.string(),
  markers: z.array(z.object({ key: z.string(), version: z.string() })),
});

export const prune: Verb<'prune'> = {
  async preview(context, store) {
    const request = await requestOf(context, store);
    const plan = await planPrune(request);
    if (plan.refusal !== null) throw refused(plan.refusal);
    return {
      text: `${request.permanently ? 'Deletes for good' : 'Hides behind delete markers'} ${amount(plan)} of ${context.spec.prune} in ${store.place}. ${plan.stays.length} stay.`,
      detail: linesOf(plan).join('\n'),
    };
  },
  async act(context, store) {
    const { spec, log, evidence } = context;
    const request = await requestOf(context, store);
    const plan = await planPrune(request);
    const lines = linesOf(plan);
    for (const line of lines) log(line);
    evidence({
      name: `plan for ${spec.prune}`,
      mediaType: 'text/plain',
      content: lines.join('\n'),
    });
    const kept = beforeSchema.nullable().parse(context.earlier());
    const before = { bucket: request.bucket, markers: kept?.markers ?? [] };
    context.keep(before);
    let due = 0;
    const onMarker = (marker: Marker): void => {
      const count = before.markers.push(marker);
      if (count < due) return;
      context.keep(before);
      // All are written each time: of thousands it would take longer than the deletions.
      due = count + Math.max(1, Math.floor(count / 100));
    };
    const deleted = await carryOutPrune(request, plan, { log, onMarker }).catch(
      (error: unknown) => {
        context.keep(before);
        throw error;
      },
    );
    const total = deleted.reduce((sum, { size }) => sum + size, 0);
    return {
      summary: `Deleted ${counted(deleted.length)}, ${formatBytes(total)} together; ${plan.stays.length} stay.`,
      values: { bucket: request.bucket, count: deleted.length, total },
      before,
    };
  },
  async undo({ signal, log }, store, before) {
    const { bucket, markers } = beforeSchema.parse(before);
    for (const { key, version } of markers) {
      await store.remove({ bucket, key, version, signal });
      log(`Back again: s3://${bucket}/${key}`);
    }
    return { summary: `Back again: ${counted(markers.length)}.`, values: {} };
  },
};

async function requestOf(
  { spec, signal }: VerbContext<'prune'>,
  store: ObjectStore,
): Promise<PruneRequest> {
  const place = placeOf(spec.prune);
  const permanently = spec.permanently === true;
  const facts = await store.facts({ bucket: place.bucket, signal });
  const objects = await entriesOf(store, place, permanently && facts.isVersioned, signal);
  const { pattern, suffix, 'min-size': minSize, 'keep-days': keepDays } = spec;
  const looked = named(objects, place.key, spec);
  const retention = {
    pattern,
    suffix,
    minSize,
    keepMs: keepDays === undefined ? undefined : keepDays * DAY_MS,
    keepLast: spec['keep-last'] ?? 1,
  };
  return {
    store,
    bucket: place.bucket,
    prefix: place.key,
    retention,
    permanently,
    objects,
    timeOf: await tellerFor(store, basisOf(spec), place.key, looked, signal),
    now: new Date(),
    facts,
    signal,
  };
}

function amount({ goes }: RetentionPlan<ObjectEntry>): string {
  const objects = goes.flatMap(({ object, companions }) => [object, ...companions]);
  const total = objects.reduce((sum, { size }) => sum + size, 0);
  return `${counted(objects.length)}, ${formatBytes(total)}`;
}

/** Exactly what would go, then what stays and why. */
function linesOf({ goes, stays }: RetentionPlan<ObjectEntry>): string[] {
  return [
    ...goes.flatMap(({ object, time, companions }) => [
      `goes   ${time.toISOString()}  ${formatBytes(object.size)}  ${versionUri(object)}`,
      ...companions.map((one) => `goes   with it  ${formatBytes(one.size)}  ${versionUri(one)}`),
    ]),
    ...stays.map(
      ({ object, time, why }) =>
        `stays  ${time?.toISOString() ?? 'no time'}  ${formatBytes(object.size)}  ${versionUri(object)}: ${why}`,
    ),
  ];
}
