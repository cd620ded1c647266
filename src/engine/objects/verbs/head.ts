import { formatBytes } from '../../../core/units.ts';
import { SHA256_METADATA } from '../integrity.ts';
import { needHead, placeOf, type Verb, valuesOf } from './verb.ts';

export const head: Verb<'head'> = {
  async preview({ spec }, store) {
    return { text: `Looks at ${spec.head} of ${store.place}.` };
  },
  async act({ spec, signal, log, evidence }, store) {
    const found = await needHead(store, { ...placeOf(spec.head), version: spec.version }, signal);
    for (const [name, value] of Object.entries(found.metadata)) log(`${name}: ${value}`);
    evidence({
      name: spec.head,
      mediaType: 'application/json',
      content: JSON.stringify(found, null, 2),
    });
    return {
      summary: `${spec.head} has ${formatBytes(found.size)} and was modified ${found.modified.toISOString()}.`,
      values: valuesOf(found, { sha256: found.metadata[SHA256_METADATA] ?? null }),
    };
  },
};
