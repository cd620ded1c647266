import type { Problem } from '../../core/problem.ts';
import type { TargetSnapshot } from '../../core/run/events.ts';
import type { DatabaseConnection } from '../databases/connection.ts';
import type { KubernetesConnection } from '../kubernetes/connection.ts';
import type { ObjectStore } from '../objects/store.ts';

/**
 * A target as one run holds it. Each connection proves the target's pinned identity before it is
 * given out, and again after it was lost; a mismatch throws MusterError `target-mismatch` and
 * nothing is sent.
 */
export interface BoundTarget {
  /** The target's name, such as `prod-us`. */
  name: string;
  care: 'practice' | 'standard' | 'critical';
  /** The namespace that steps act on where they name none; null where the target has none. */
  namespace: string | null;
  /** Where the target's Prometheus answers; left out where it has none. */
  prometheusUrl?: string;
  /** Throws MusterError when the target has no cluster or it cannot be reached. */
  kubernetes(): Promise<KubernetesConnection>;
  /** Throws MusterError when the target has no object store or it cannot be reached. */
  objectStore(): Promise<ObjectStore>;
  /** A named connection, or the target's only one. Throws MusterError. */
  database(name?: string): Promise<DatabaseConnection>;
}

/** The targets of one run, by role. */
export interface TargetBinding {
  /** What the record says of them. */
  snapshots: TargetSnapshot[];
  /** The target with this role; for null the one of the first role. Throws MusterError. */
  target(role: string | null): BoundTarget;
  /** What lets a shell step reach the main target, and nothing else. */
  environment: Record<string, string>;
  /** Secret values in `environment`. */
  secrets: readonly string[];
  /**
   * Asks the systems that a shell is led to who they are, before it begins. Rejects with MusterError
   * `target-mismatch` where another one answers; resolves with why the others were not reached.
   */
  proveShell(): Promise<Problem[]>;
  /** Ends connections and removes what was written for the run. */
  close(): Promise<void>;
}

/**
 * Binds the roles of a run to targets by name. `before`: what the run was bound to when it began;
 * a target that is another by now throws MusterError, and so does a name that no target has.
 */
export type BindTargets = (request: {
  run: string;
  roles: Readonly<Record<string, string>>;
  before: readonly TargetSnapshot[] | null;
}) => Promise<TargetBinding>;
