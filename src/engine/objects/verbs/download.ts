import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { baseName } from '../../../core/objects/uri.ts';
import { formatBytes } from '../../../core/units.ts';
import { download as bring } from '../download.ts';
import { expectedSums } from '../integrity.ts';
import { versionUri } from '../prune.ts';
import { needHead, placeOf, type Verb, type VerbContext, valuesOf } from './verb.ts';

export const download: Verb<'download'> = {
  async preview(context, store) {
    const { spec, signal } = context;
    const head = await needHead(
      store,
      { ...placeOf(spec.download), version: spec.version },
      signal,
    );
    const file = fileFor(context);
    const there = existsSync(file)
      ? spec.overwrite
        ? ' The file that is there is replaced.'
        : ' There is such a file already: it stays, and the step fails unless it has the same content.'
      : '';
    return {
      text: `Downloads ${versionUri(head)}, ${formatBytes(head.size)}, to ${file}.${there}`,
    };
  },
  async act(context, store) {
    const { spec, signal, log } = context;
    const head = await needHead(
      store,
      { ...placeOf(spec.download), version: spec.version },
      signal,
    );
    const file = fileFor(context);
    const expected = await expectedSums(store, head, spec, signal);
    log(`Downloads ${versionUri(head)}, ${formatBytes(head.size)}, ETag ${head.etag}.`);
    const { sha256, proof, moved } = await bring({
      ...context,
      store,
      head,
      file,
      expected,
      overwrite: spec.overwrite === true,
    });
    log(`SHA-256: ${sha256}`);
    log(proof ?? 'There is no checksum to compare with: its size alone is proven.');
    return {
      summary: `Downloaded ${versionUri(head)} to ${file}: ${moved}; ${proof ?? 'nothing to compare its content with'}.`,
      values: { ...valuesOf(head, { sha256 }), file },
    };
  },
};

function fileFor({ spec, cwd }: VerbContext<'download'>): string {
  const name = baseName(spec.download);
  return resolve(cwd, /[/\\]$/.test(spec.to) ? join(spec.to, name) : spec.to);
}
