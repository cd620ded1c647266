import { rangeServers } from '../../test/range-json.ts';
import { openObjectStore } from '../open.ts';
import { upload } from '../upload.ts';
import { triesIn } from './tries-in.ts';

/** A process that uploads a file, for a test that kills it: ENDPOINT FILE BUCKET KEY DIR. */
const [endpoint = '', file = '', bucket = '', key = '', dir = ''] = process.argv.slice(2);
const site = rangeServers()?.s3;
if (site === undefined) throw new Error('MUSTER_RANGE is not set');
const { region, accessKeyId, secretAccessKey } = site;
const store = await openObjectStore(
  { kind: 's3', endpoint, region, pathStyle: true },
  async () => ({ accessKeyId, secretAccessKey }),
);
await upload({
  store,
  file,
  bucket,
  key,
  metadata: {},
  overwrite: false,
  tries: triesIn(dir),
  signal: AbortSignal.timeout(50_000),
  log: () => {},
  progress: () => {},
  partSize: 5 * 1024 * 1024,
});
