import { randomBytes } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { rangeServers } from '../../test/range-json.ts';
import { openObjectStore, type StoreCredentials } from '../open.ts';
import type { ObjectStore } from '../store.ts';

/** One of the range's sites, with what only tests do there. */
export interface Site {
  endpoint: string;
  credentials: StoreCredentials;
  store: ObjectStore;
  client: S3Client;
  /** A bucket of its own, removed with all it holds at the end. */
  bucket(options?: { versions?: boolean; locks?: boolean }): Promise<string>;
  /** The same site at another address or with other keys. */
  openAt(options: {
    endpoint?: string;
    credentials?: StoreCredentials;
    silenceMs?: number;
  }): Promise<ObjectStore>;
  close(): Promise<void>;
}

export const hasRange = rangeServers() !== null;

export async function openSite(name: 's3' | 's3b' = 's3'): Promise<Site> {
  const site = rangeServers()?.[name];
  if (site === undefined) throw new Error('MUSTER_RANGE is not set');
  const sdk = await import('@aws-sdk/client-s3');
  const { endpoint, region, accessKeyId, secretAccessKey } = site;
  const credentials: StoreCredentials = async () => ({ accessKeyId, secretAccessKey });
  const client = new sdk.S3Client({
    endpoint,
    // A client of another region would ask for buckets there.
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
  });
  const buckets: string[] = [];
  const stores: ObjectStore[] = [];
  const openAt: Site['openAt'] = async (options) => {
    const store = await openObjectStore(
      {
        kind: 's3',
        endpoint: options.endpoint ?? endpoint,
        region,
        pathStyle: true,
        silenceMs: options.silenceMs ?? 10_000,
      },
      options.credentials ?? credentials,
    );
    stores.push(store);
    return store;
  };
  const empty = async (bucket: string): Promise<void> => {
    const all = await client.send(new sdk.ListObjectVersionsCommand({ Bucket: bucket }));
    for (const { Key, VersionId } of [...(all.Versions ?? []), ...(all.DeleteMarkers ?? [])]) {
      await client.send(
        new sdk.DeleteObjectCommand({
          Bucket: bucket,
          Key,
          VersionId,
          BypassGovernanceRetention: true,
        }),
      );
    }
    const open = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket: bucket }));
    for (const { Key, UploadId } of open.Uploads ?? []) {
      await client.send(new sdk.AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    }
    await client.send(new sdk.DeleteBucketCommand({ Bucket: bucket }));
  };
  return {
    endpoint,
    credentials,
    client,
    store: await openAt({}),
    openAt,
    async bucket({ versions = false, locks = false } = {}) {
      const bucket = `muster-objects-${randomBytes(6).toString('hex')}`;
      await client.send(
        new sdk.CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: locks }),
      );
      buckets.push(bucket);
      if (versions) {
        await client.send(
          new sdk.PutBucketVersioningCommand({
            Bucket: bucket,
            VersioningConfiguration: { Status: 'Enabled' },
          }),
        );
      }
      return bucket;
    },
    async close() {
      for (const bucket of buckets) await empty(bucket);
      for (const store of stores) store.close();
      client.destroy();
    },
  };
}
