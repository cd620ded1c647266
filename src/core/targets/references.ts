import type { Target } from './target.ts';

/** The references of all secrets that stand in a target. */
export function referencesOf({ objectStore, databases }: Target): string[] {
  const keys = objectStore?.kind === 's3' ? [objectStore.accessKey, objectStore.secretKey] : [];
  const passwords = Object.values(databases).map(({ password }) => password);
  return [...keys, ...passwords].filter((reference) => reference !== null);
}
