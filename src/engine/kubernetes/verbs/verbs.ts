import type { KubernetesSpecOf, KubernetesVerb } from '../../../core/actions/kinds/kubernetes.ts';
import { apply } from './apply.ts';
import { copyIn, copyOut } from './copy.ts';
import { createJob } from './create-job.ts';
import { remove } from './delete.ts';
import { drain } from './drain.ts';
import { exec } from './exec.ts';
import { logs } from './logs.ts';
import { annotate, label } from './metadata.ts';
import { cordon, uncordon } from './nodes.ts';
import { patch } from './patch.ts';
import { portForward } from './port-forward.ts';
import { get, wait } from './reading.ts';
import { restart, rolloutStatus } from './rollout.ts';
import { scale } from './scale.ts';
import { secret } from './secret.ts';
import { undoRollout } from './undo-rollout.ts';
import type { VerbWork } from './work.ts';

/** How each verb is carried out, one line each. */
export const verbWorks: { [V in KubernetesVerb]: VerbWork<KubernetesSpecOf<V>> } = {
  get,
  wait,
  logs,
  scale,
  restart,
  'rollout-status': rolloutStatus,
  'undo-rollout': undoRollout,
  apply,
  patch,
  delete: remove,
  label,
  annotate,
  secret,
  'create-job': createJob,
  exec,
  'copy-out': copyOut,
  'copy-in': copyIn,
  'port-forward': portForward,
  cordon,
  uncordon,
  drain,
};
