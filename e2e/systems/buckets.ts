import { randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { SiteAddress } from './range.ts';

/** Buckets of one test on one of the range's sites. */
export interface Buckets {
  /** A new bucket of this name, also with what another site's has been named. */
  make(name: string): Promise<void>;
  /** From now on what is overwritten or deleted stays as a version. */
  keepVersions(bucket: string): Promise<void>;
  put(bucket: string, key: string, content: Buffer | string): Promise<void>;
  get(bucket: string, key: string): Promise<Buffer>;
  keys(bucket: string): Promise<string[]>;
  /** Removes the buckets that were made, with all they hold. */
  close(): Promise<void>;
}

export function bucketName(system: string): string {
  return `muster-${system}-${randomBytes(5).toString('hex')}`;
}

export function openBuckets(site: SiteAddress): Buckets {
  const { endpoint, accessKeyId, secretAccessKey } = site;
  // A client of another region would ask for buckets there.
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  const made: string[] = [];
  const keys = async (bucket: string): Promise<string[]> => {
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    return (Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
  };
  return {
    keys,
    async make(name) {
      await client.send(new CreateBucketCommand({ Bucket: name }));
      made.push(name);
    },
    async keepVersions(bucket) {
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      await client.send(
        new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }),
      );
    },
    async put(bucket, key, content) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
    },
    async get(bucket, key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    async close() {
      for (const bucket of made) {
        const { Versions = [], DeleteMarkers = [] } = await client.send(
          new ListObjectVersionsCommand({ Bucket: bucket }),
        );
        for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
          await client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }));
        }
        await client.send(new DeleteBucketCommand({ Bucket: bucket }));
      }
      client.destroy();
    },
  };
}
