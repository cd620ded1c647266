import { openFolderStore } from './folder-store.ts';
import { openS3Store } from './s3-store.ts';
import type { ObjectStore } from './store.ts';

/** Gives the keys for requests; asked again when they have expired. */
export type StoreCredentials = () => Promise<{
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}>;

export type StoreSettings =
  | { kind: 'folder'; path: string }
  | {
      kind: 's3';
      /** Such as `https://s3.example.com`; null for that of AWS in the region. */
      endpoint: string | null;
      region: string;
      /** Buckets as part of the path, as most stores other than AWS want it. */
      pathStyle: boolean;
      /** How long a request may stay without an answer or a byte, in ms; 30 s if left out. */
      silenceMs?: number;
    };

/**
 * Opens a store; nothing is sent before the first call. `credentials` is not used for a folder.
 * To be closed by the caller.
 */
export async function openObjectStore(
  settings: StoreSettings,
  credentials: StoreCredentials,
): Promise<ObjectStore> {
  return settings.kind === 'folder'
    ? openFolderStore(settings.path)
    : openS3Store(settings, credentials);
}
