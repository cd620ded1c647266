import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { baseName, formatObjectUri } from '../../../core/objects/uri.ts';
import { formatBytes } from '../../../core/units.ts';
import { fileFailure } from '../../file-failure.ts';
import { upload as send } from '../upload.ts';
import { beforeWrite, changeManifest, keepThere, takeBackWrite } from './take-back.ts';
import { keyFor, placeOf, type Verb, type VerbContext, valuesOf } from './verb.ts';

export const upload: Verb<'upload'> = {
  async preview(context, store) {
    const { spec, signal } = context;
    const { file, bucket, key } = fromAndTo(context);
    const { size } = await stat(file).catch((error: unknown) => {
      throw fileFailure(error, file, 'Nothing was sent.');
    });
    const there = await store.head({ bucket, key, signal });
    const notice =
      there === null
        ? ''
        : spec.overwrite
          ? ' The object that is there is replaced.'
          : ' There is such an object already: it stays, and the step fails unless it has the same content.';
    const uri = formatObjectUri({ bucket, key });
    return { text: `Uploads ${file}, ${formatBytes(size)}, to ${uri} of ${store.place}.${notice}` };
  },
  async act(context, store) {
    const { spec, signal, log } = context;
    const { file, bucket, key } = fromAndTo(context);
    const { there, tries } = keepThere(context, await store.head({ bucket, key, signal }));
    const { head, sha256, proof, moved, isNew } = await send({
      ...context,
      tries,
      store,
      file,
      bucket,
      key,
      metadata: spec.metadata ?? {},
      overwrite: spec.overwrite === true,
    });
    const manifest = spec.manifest ?? null;
    if (manifest !== null) await changeManifest(store, manifest, baseName(key), sha256, signal);
    log(`SHA-256: ${sha256}`);
    const uri = formatObjectUri(head);
    return {
      summary: `Uploaded ${file} to ${uri}: ${moved}; ${proof}.`,
      values: { ...valuesOf(head, { sha256 }), file },
      before: beforeWrite(head, { isNew, there, manifest }),
    };
  },
  undo: ({ signal }, store, before) => takeBackWrite(store, before, signal),
};

function fromAndTo({ spec, cwd }: VerbContext<'upload'>) {
  const file = resolve(cwd, spec.upload);
  const place = placeOf(spec.to);
  return { file, bucket: place.bucket, key: keyFor(place, basename(file)) };
}
