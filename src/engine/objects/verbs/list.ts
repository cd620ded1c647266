import { named } from '../../../core/objects/choose-latest.ts';
import { formatBytes, parseDuration } from '../../../core/units.ts';
import { versionUri } from '../prune.ts';
import type { ObjectEntry } from '../store.ts';
import { counted, entriesOf, placeOf, type Verb } from './verb.ts';

const LINES = 100;

export const list: Verb<'list'> = {
  async preview({ spec }, store) {
    return { text: `Lists ${spec.list} of ${store.place}.` };
  },
  async act({ spec, signal, log, evidence }, store) {
    const place = placeOf(spec.list);
    const maxAge = parseDuration(spec['max-age'] ?? '');
    const oldest = maxAge === null ? null : Date.now() - maxAge;
    const entries = await entriesOf(store, place, spec.versions === true, signal);
    const found = named(entries, place.key, spec)
      .filter(({ size }) => size >= (spec['min-size'] ?? 0))
      .filter(({ modified }) => oldest === null || modified.getTime() >= oldest)
      .sort((a, b) => b.modified.getTime() - a.modified.getTime());
    const lines = found.slice(0, spec.limit ?? LINES).map(lineOf);
    for (const line of lines) log(line);
    if (found.length > lines.length) log(`and ${found.length - lines.length} more`);
    evidence({
      name: `objects of ${spec.list}`,
      mediaType: 'text/plain',
      content: lines.join('\n'),
    });
    const total = found.reduce((sum, { size }) => sum + size, 0);
    const newest = found[0];
    return {
      summary: `${counted(found.length)}, ${formatBytes(total)} together.`,
      values: {
        bucket: place.bucket,
        count: found.length,
        total,
        ...(newest === undefined
          ? {}
          : { key: newest.key, modified: newest.modified.toISOString(), size: newest.size }),
      },
    };
  },
};

function lineOf(entry: ObjectEntry): string {
  return `${entry.modified.toISOString()}  ${formatBytes(entry.size).padStart(8)}  ${versionUri(entry)}`;
}
