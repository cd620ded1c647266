import type * as Sdk from '@aws-sdk/client-s3';
import type { Ask } from './s3-store.ts';
import type { ObjectStore, VersionEntry } from './store.ts';

/** The pages of a bucket's listing, one request after the other. */
export function s3Listings(
  sdk: typeof Sdk,
  client: Sdk.S3Client,
  ask: Ask,
): Pick<ObjectStore, 'list' | 'versions'> {
  return {
    async *list({ bucket, prefix, signal }) {
      let after: string | undefined;
      do {
        const page = await ask({ bucket, key: prefix, signal }, (options) =>
          client.send(
            new sdk.ListObjectsV2Command({
              Bucket: bucket,
              Prefix: prefix,
              ContinuationToken: after,
            }),
            options,
          ),
        );
        for (const found of page.Contents ?? []) {
          if (found.Key === undefined) continue;
          yield {
            bucket,
            key: found.Key,
            size: found.Size ?? 0,
            modified: found.LastModified ?? new Date(0),
            version: null,
            etag: plainEtag(found.ETag),
          };
        }
        after = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (after !== undefined);
    },

    async *versions({ bucket, prefix, signal }) {
      let keyMarker: string | undefined;
      let versionMarker: string | undefined;
      do {
        const page = await ask({ bucket, key: prefix, signal }, (options) =>
          client.send(
            new sdk.ListObjectVersionsCommand({
              Bucket: bucket,
              Prefix: prefix,
              KeyMarker: keyMarker,
              VersionIdMarker: versionMarker,
            }),
            options,
          ),
        );
        for (const found of page.Versions ?? []) {
          yield versionEntry(bucket, found, { size: found.Size ?? 0, etag: found.ETag });
        }
        for (const found of page.DeleteMarkers ?? []) {
          yield { ...versionEntry(bucket, found, { size: 0, etag: undefined }), isMarker: true };
        }
        const isMore = page.IsTruncated === true;
        keyMarker = isMore ? page.NextKeyMarker : undefined;
        versionMarker = isMore ? page.NextVersionIdMarker : undefined;
      } while (keyMarker !== undefined);
    },
  };
}

/** An ETag without its quotes. */
export function plainEtag(etag: string | undefined): string | null {
  return etag === undefined || etag === '' ? null : etag.replace(/^"(.*)"$/, '$1');
}

function versionEntry(
  bucket: string,
  found: Pick<Sdk.ObjectVersion, 'Key' | 'VersionId' | 'LastModified' | 'IsLatest'>,
  { size, etag }: { size: number; etag: string | undefined },
): VersionEntry {
  return {
    bucket,
    key: found.Key ?? '',
    size,
    modified: found.LastModified ?? new Date(0),
    version: found.VersionId ?? null,
    etag: plainEtag(etag),
    isCurrent: found.IsLatest === true,
    isMarker: false,
  };
}
