import { setTimeout as pause } from 'node:timers/promises';
import { download } from '../src/engine/objects/download.ts';
import { expectedSums } from '../src/engine/objects/integrity.ts';
import { openObjectStore } from '../src/engine/objects/open.ts';
import { upload } from '../src/engine/objects/upload.ts';

/**
 * One transfer of ours in a process of its own: `up` or `down`, FILE, BUCKET and KEY. With `idle` it
 * does all but the transfer.
 */
const [way, file = '', bucket = '', key = ''] = process.argv.slice(2);
const { BENCH_ENDPOINT: endpoint = '', AWS_DEFAULT_REGION: region = '' } = process.env;
const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;

const store = await openObjectStore(
  { kind: 's3', endpoint, region, pathStyle: true },
  async () => ({ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY }),
);
const signal = AbortSignal.timeout(600_000);
const quiet = { signal, log: () => {}, progress: () => {} };
try {
  if (way === 'up') {
    const tries = { earlier: null, keep: () => {} };
    const whole = { metadata: {}, overwrite: false, tries };
    const { proof } = await upload({ ...quiet, ...whole, store, file, bucket, key });
    console.error(proof);
  } else if (way === 'down') {
    const head = await store.head({ bucket, key, signal });
    if (head === null) throw new Error(`no ${key}`);
    const expected = await expectedSums(store, head, {}, signal);
    const { proof } = await download({ ...quiet, store, head, file, expected, overwrite: false });
    console.error(proof);
  } else await pause(500);
} finally {
  store.close();
}
