import type * as Sdk from '@aws-sdk/client-s3';
import { hasCode } from './failures.ts';
import { nameOf } from './s3-failures.ts';
import type { Ask } from './s3-store.ts';
import type { ObjectStore } from './store.ts';

/** How stores say that there is no lock; they do not agree on it. */
const NO_LOCK = new Set([
  'ObjectLockConfigurationNotFoundError',
  'NoSuchObjectLockConfiguration',
  'InvalidRequest',
  'NotImplemented',
]);

/** Versions, locks and the owner of a bucket. */
export function s3Locks(
  sdk: typeof Sdk,
  client: Sdk.S3Client,
  ask: Ask,
): Pick<ObjectStore, 'lock' | 'facts' | 'owner'> {
  const orNone = async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      if (NO_LOCK.has(nameOf(error))) return null;
      throw error;
    }
  };
  return {
    async lock({ bucket, key, version, signal }) {
      const id = { Bucket: bucket, Key: key, ...(version == null ? {} : { VersionId: version }) };
      try {
        const hold = await ask({ bucket, key, signal }, (options) =>
          orNone(client.send(new sdk.GetObjectLegalHoldCommand(id), options)),
        );
        if (hold?.LegalHold?.Status === 'ON') return 'it is under a legal hold';
        const kept = await ask({ bucket, key, signal }, (options) =>
          orNone(client.send(new sdk.GetObjectRetentionCommand(id), options)),
        );
        const until = kept?.Retention?.RetainUntilDate;
        return until !== undefined && until.getTime() > Date.now()
          ? `it is locked until ${until.toISOString()}`
          : null;
      } catch (error) {
        // What cannot be seen is taken for locked.
        if (hasCode(error, 'store-access-denied')) return 'its locks may not be read';
        throw error;
      }
    },

    async facts({ bucket, signal }) {
      const { Status } = await ask({ bucket, signal }, (options) =>
        client.send(new sdk.GetBucketVersioningCommand({ Bucket: bucket }), options),
      );
      const isVersioned = Status === 'Enabled';
      try {
        const locks = await ask({ bucket, signal }, (options) =>
          orNone(
            client.send(new sdk.GetObjectLockConfigurationCommand({ Bucket: bucket }), options),
          ),
        );
        const hasLocks = locks?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
        return { isVersioned, hasLocks };
      } catch (error) {
        // Then each object is asked for its own.
        if (hasCode(error, 'store-access-denied')) return { isVersioned, hasLocks: true };
        throw error;
      }
    },

    async owner({ bucket, signal }) {
      try {
        const { Owner } = await ask({ bucket, signal }, (options) =>
          client.send(new sdk.GetBucketAclCommand({ Bucket: bucket }), options),
        );
        return Owner?.ID ?? null;
      } catch (error) {
        if (hasCode(error, 'store-access-denied')) return null;
        throw error;
      }
    },
  };
}
