import { formatBytes } from '../../../core/units.ts';
import { expectedSums } from '../integrity.ts';
import { versionUri } from '../prune.ts';
import { verifyObject } from '../verify.ts';
import { needHead, placeOf, type Verb, valuesOf } from './verb.ts';

export const verify: Verb<'verify'> = {
  async preview({ spec, signal }, store) {
    const head = await needHead(store, { ...placeOf(spec.verify), version: spec.version }, signal);
    return { text: `Reads ${versionUri(head)}, ${formatBytes(head.size)}, to its end.` };
  },
  async act(context, store) {
    const { spec, signal, log } = context;
    const head = await needHead(store, { ...placeOf(spec.verify), version: spec.version }, signal);
    const expected = await expectedSums(store, head, spec, signal);
    const { sha256, found } = await verifyObject({
      ...context,
      store,
      head,
      size: spec.size,
      minSize: spec['min-size'],
      expected,
      archive: spec.archive ?? 'auto',
    });
    for (const line of found) log(line);
    return {
      summary: `${versionUri(head)} is whole: ${found.join('; ')}.`,
      values: valuesOf(head, { sha256 }),
    };
  },
};
