import type { DatabasePlace, ObjectStorePlace } from '../../core/targets/target.ts';
import { type AwsContext, awsCredentials } from '../credentials/aws.ts';
import type { DatabaseConnection } from '../databases/connection.ts';
import { openObjectStore } from '../objects/open.ts';
import type { ObjectStore } from '../objects/store.ts';

/** Opens a target's object store with its own keys. To be closed by the caller. */
export function openPlace(place: ObjectStorePlace, context: AwsContext): Promise<ObjectStore> {
  if (place.kind === 'folder') return openObjectStore(place, noKeys);
  const { endpoint, region, pathStyle } = place;
  return openObjectStore(
    { kind: 's3', endpoint, region, pathStyle },
    awsCredentials(place, context),
  );
}

/** How to reach a target's database, its password read. Rejects with MusterError. */
export async function connectionTo(
  { password, ...place }: DatabasePlace,
  resolve: (reference: string) => Promise<string>,
): Promise<DatabaseConnection> {
  return { ...place, password: password === null ? null : await resolve(password) };
}

/** A folder needs none. */
const noKeys = () => Promise.reject(new Error('A folder asks for no keys.'));
