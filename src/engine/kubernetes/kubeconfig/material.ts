import { readFileSync } from 'node:fs';
import type { ClusterEntry, UserEntry } from './read.ts';

/** Certificates and keys of a kubeconfig as PEM, from a file or embedded; embedded ones win. */

export function certificateAuthority(cluster: ClusterEntry): Buffer | undefined {
  return material(cluster['certificate-authority-data'], cluster['certificate-authority']);
}

export function clientCertificate(user: UserEntry): Buffer | undefined {
  return material(user['client-certificate-data'], user['client-certificate']);
}

export function clientKey(user: UserEntry): Buffer | undefined {
  return material(user['client-key-data'], user['client-key']);
}

function material(data: string | undefined, file: string | undefined): Buffer | undefined {
  if (data !== undefined) return Buffer.from(data, 'base64');
  return file === undefined ? undefined : readFileSync(file);
}
