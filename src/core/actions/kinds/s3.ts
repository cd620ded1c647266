import { type ActionKind, oneVerb, type Spec } from '../kind.ts';
import { type S3Spec, type S3Verb, verbs } from './s3-schema.ts';

const words: Record<S3Verb, (spec: Spec) => string> = {
  list: (spec) => `List ${spec.list}`,
  head: (spec) => `Look at ${spec.head}`,
  latest: (spec) => `Choose the newest object of ${spec.latest}`,
  download: (spec) => `Download ${spec.download} to ${spec.to}`,
  upload: (spec) => `Upload ${spec.upload} to ${spec.to}`,
  copy: (spec) => `Copy ${spec.copy} to ${placeOfCopy(spec.to)}`,
  verify: (spec) => `Verify ${spec.verify}`,
  prune: (spec) =>
    `${spec.permanently === true ? 'Delete for good' : 'Delete'} what ${spec.prune} need not keep`,
};

const isVerb = (key: string): key is S3Verb => Object.hasOwn(verbs, key);

function verbIn(spec: Spec): S3Verb | undefined {
  return Object.keys(spec).find(isVerb);
}

function placeOfCopy(to: unknown): string {
  if (typeof to !== 'object' || to === null) return String(to);
  const uri = 'uri' in to ? String(to.uri) : '?';
  return 'target' in to ? `${uri} of ${String(to.target)}` : uri;
}

const reads = (spec: Spec): boolean =>
  ['list', 'head', 'latest', 'verify'].includes(verbIn(spec) ?? '');

/** Object stores: S3 and what speaks like it, or a folder in its place. */
export const s3: ActionKind<S3Spec> = {
  name: 's3',
  summary: 'Finds, moves, verifies and prunes objects of an object store.',
  body: 'yaml',
  schemaFor: oneVerb(verbs),
  describe: (spec) => {
    const verb = verbIn(spec);
    return verb === undefined ? 'Use the object store' : words[verb](spec);
  },
  effect: (spec) => (reads(spec) ? 'reads' : 'changes'),
  // A transfer looks for its own earlier result, and a retention finds less to delete.
  repeatable: () => true,
  risk: (spec) => {
    if (Object.hasOwn(spec, 'prune')) return spec.permanently ? 'destructive' : 'disruptive';
    return spec.overwrite ? 'disruptive' : 'safe';
  },
  results: {
    bucket: 'the bucket',
    key: 'the key of the object',
    uri: 'where the object is: s3://bucket/key',
    version: 'its version; empty where the bucket keeps none',
    size: 'its size in bytes',
    modified: 'when it was modified, ISO 8601 in UTC',
    time: 'its time by what the step says: modified, name or metadata; ISO 8601 in UTC',
    etag: 'its ETag; empty where it has none',
    sha256: 'its SHA-256 in hexadecimal; empty where it was not computed and is not recorded',
    file: 'the local file, absolute',
    count: 'how many objects were listed or deleted',
    total: 'their size together in bytes',
  },
  uses: ['store'],
  undoable: (spec) =>
    Object.hasOwn(spec, 'upload') ||
    Object.hasOwn(spec, 'copy') ||
    (Object.hasOwn(spec, 'prune') && !spec.permanently),
  examples: [
    'list: s3://orders-backups/database/\nmax-age: 7d',
    'head: s3://orders-backups/database/orders.dump\ncapture: {SIZE: size}',
    'latest: s3://orders-backups/database/\nsuffix: .dump.gz\nmax-age: 24h\ncapture: {BACKUP: uri, VERSION: version, BACKUP_TIME: time}\nrecovery-point: BACKUP_TIME',
    'latest: s3://orders-backups/database/\npattern: orders-%Y%m%dT%H%M%SZ.dump\nby: name\ncapture: {BACKUP: uri}',
    'download: s3://orders-backups/database/orders.dump\nto: restore/orders.dump\nmanifest: s3://orders-backups/database/SHA256SUMS',
    'upload: orders.dump\nto: s3://orders-backups/database/\nmetadata: {taken-at: "2026-03-29T14:00:00Z"}\nmanifest: s3://orders-backups/database/orders.dump.sha256',
    'copy: s3://orders-backups/database/orders.dump\nto: {target: recovery, uri: s3://orders-copies/database/}',
    'verify: s3://orders-backups/database/orders.tar.gz\nmin-size: 10MB\narchive: tar.gz',
    'prune: s3://orders-backups/database/\nkeep-days: 14\nkeep-last: 7',
  ],
};
