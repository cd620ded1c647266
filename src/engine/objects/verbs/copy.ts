import { baseName, formatObjectUri, type ObjectPlace } from '../../../core/objects/uri.ts';
import { formatBytes } from '../../../core/units.ts';
import { copyObject } from '../copy.ts';
import { versionUri } from '../prune.ts';
import type { ObjectStore } from '../store.ts';
import { beforeWrite, keepThere, takeBackWrite } from './take-back.ts';
import { keyFor, needHead, placeOf, type Verb, type VerbContext, valuesOf } from './verb.ts';

export const copy: Verb<'copy'> = {
  async preview(context, store) {
    const { spec, signal } = context;
    const head = await needHead(store, { ...placeOf(spec.copy), version: spec.version }, signal);
    const other = await otherStore(context, store);
    const uri = formatObjectUri(destination(context));
    return {
      text: `Copies ${versionUri(head)}, ${formatBytes(head.size)}, from ${store.place} to ${uri} of ${other.place}.`,
    };
  },
  async act(context, store) {
    const { spec, signal } = context;
    const from = await needHead(store, { ...placeOf(spec.copy), version: spec.version }, signal);
    const to = await otherStore(context, store);
    const place = destination(context);
    const { there, tries } = keepThere(context, await to.head({ ...place, signal }));
    const { head, sha256, proof, moved, isNew } = await copyObject({
      ...context,
      ...place,
      tries,
      from: store,
      head: from,
      to,
      overwrite: spec.overwrite === true,
    });
    return {
      summary: `Copied ${versionUri(from)} to ${formatObjectUri(head)} of ${to.place}: ${moved}; ${proof}.`,
      values: valuesOf(head, { sha256 }),
      before: beforeWrite(head, { isNew, there }),
    };
  },
  async undo(context, store, before) {
    return takeBackWrite(await otherStore(context, store), before, context.signal);
  },
};

async function otherStore(
  { spec, target }: VerbContext<'copy'>,
  store: ObjectStore,
): Promise<ObjectStore> {
  return spec.to.target === undefined ? store : target(spec.to.target).objectStore();
}

function destination({ spec }: VerbContext<'copy'>): ObjectPlace {
  const place = placeOf(spec.to.uri);
  return { bucket: place.bucket, key: keyFor(place, baseName(spec.copy)) };
}
