import type { KubeConfig } from '@kubernetes/client-node';

/** A cluster as one context of a kubeconfig reaches it. */
export interface KubernetesConnection {
  /** Holds this one context only. */
  config: KubeConfig;
  context: string;
  /** The namespace to act on where a step names none. */
  namespace: string;
}
