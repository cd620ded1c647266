import { z } from 'zod';
import type { KubernetesConnection } from './connection.ts';

/** How long a cluster has to prove who it is, in ms. */
const PROOF_MS = 15_000;

const namespaceSchema = z.object({ metadata: z.object({ uid: z.string().min(1) }) });

/** What tells one cluster from another, however its context is called. */
export interface ClusterIdentity {
  /** The UID of the namespace `kube-system`, which lasts as long as the cluster. */
  uid: string;
  server: string;
}

/** Asks the cluster itself. Throws MusterError where it does not answer within 15 s. */
export async function clusterIdentity(
  connection: KubernetesConnection,
  signal?: AbortSignal,
): Promise<ClusterIdentity> {
  const answer = await connection.client.read('/api/v1/namespaces/kube-system', {
    doing: 'prove the identity of the cluster',
    schema: namespaceSchema,
    patienceMs: PROOF_MS,
    answerMs: PROOF_MS,
    ...(signal && { signal }),
  });
  return { uid: answer.metadata.uid, server: connection.server };
}
