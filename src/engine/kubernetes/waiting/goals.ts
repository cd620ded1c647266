import { z } from 'zod';
import { readJsonPath, textAt } from '../../../core/kubernetes/json-path.ts';
import { MusterError } from '../../../core/problem.ts';
import { type Cluster, describePlace, type Place } from '../objects/cluster.ts';
import type { KubeObject } from '../objects/object.ts';
import { conditionSchema } from '../pods/pod.ts';
import { rolloutLook, workloadSchema } from '../rollout/status.ts';
import { explain } from './explain.ts';

/** What is waited for, as `for:` says it. */
export type Goal =
  | { kind: 'rollout' }
  | { kind: 'complete' }
  | { kind: 'failed' }
  | { kind: 'deleted' }
  | { kind: 'condition'; type: string; status: string }
  | { kind: 'value'; path: string; value: string };

/** The schema of the step has checked the text. */
export function readGoal(text: string): Goal {
  if (text === 'rollout' || text === 'complete' || text === 'failed' || text === 'deleted') {
    return { kind: text };
  }
  const [, type, status = 'True'] = /^condition=([^=]+)(?:=(.*))?$/.exec(text) ?? [];
  if (type !== undefined) return { kind: 'condition', type, status };
  const [, path = '', value = ''] = /^jsonpath=(\{.*?\})=(.*)$/s.exec(text) ?? [];
  const read = readJsonPath(path);
  if (!read.ok) {
    throw new MusterError({
      code: 'kubernetes-json-path',
      what: `The JSON path ${path} cannot be used: ${read.message}.`,
      safe: 'Nothing was changed.',
      next: 'Correct the path, such as {.status.phase}.',
    });
  }
  return { kind: 'value', path, value: value.replace(/^(['"])(.*)\1$/s, '$2') };
}

export interface GoalLook {
  isDone: boolean;
  label: string;
  value: string;
}

const conditionedSchema = z.looseObject({
  status: z.looseObject({ conditions: z.array(conditionSchema).nullish() }).nullish(),
});

/** Where one object stands. Throws MusterError where the goal cannot be reached any more. */
export async function goalLook(cluster: Cluster, place: Place, goal: Goal): Promise<GoalLook> {
  const object = await cluster.find(place);
  if (goal.kind === 'deleted') {
    return { isDone: object === null, label: object === null ? 'gone' : 'there', value: '' };
  }
  // It may not have been made yet.
  if (object === null) return { isDone: false, label: 'not there', value: '' };
  switch (goal.kind) {
    case 'rollout': {
      const { isDone, label } = rolloutLook(workloadSchema.parse(object));
      return { isDone, label, value: label };
    }
    case 'complete':
    case 'failed':
      return jobLook(cluster, place, object, goal.kind);
    case 'condition': {
      const found = conditionsOf(object).find(
        ({ type }) => type.toLowerCase() === goal.type.toLowerCase(),
      );
      const value = found?.status ?? 'absent';
      const why = found?.reason ? ` (${found.reason})` : '';
      return {
        isDone: value.toLowerCase() === goal.status.toLowerCase(),
        label: `${goal.type} is ${value}${why}`,
        value,
      };
    }
    case 'value': {
      const read = readJsonPath(goal.path);
      const value = read.ok ? textAt(object, read.parts) : '';
      return { isDone: value === goal.value, label: `${goal.path} is ${value || 'absent'}`, value };
    }
  }
}

/** A job that failed never completes, and the other way round: neither is waited out. */
async function jobLook(
  cluster: Cluster,
  place: Place,
  object: KubeObject,
  wanted: 'complete' | 'failed',
): Promise<GoalLook> {
  const conditions = conditionsOf(object).filter(({ status }) => status === 'True');
  const complete = conditions.find(({ type }) => type === 'Complete');
  const failed = conditions.find(({ type }) => type === 'Failed');
  if (complete) {
    if (wanted === 'complete') return { isDone: true, label: 'complete', value: 'complete' };
    throw ended(place, 'is complete, and the step waits for its failure', null);
  }
  if (failed) {
    if (wanted === 'failed') return { isDone: true, label: 'failed', value: 'failed' };
    const reasons = await explain(cluster.impatient(), [place]).catch(() => []);
    const why = [failed.reason, failed.message, ...reasons].filter(Boolean).join('; ');
    throw ended(place, 'failed', why);
  }
  return { isDone: false, label: 'running', value: 'running' };
}

/** True of a job that failed for good. */
export function hasFailed(job: KubeObject): boolean {
  return conditionsOf(job).some(({ type, status }) => type === 'Failed' && status === 'True');
}

function conditionsOf(object: KubeObject): z.output<typeof conditionSchema>[] {
  const read = conditionedSchema.safeParse(object);
  return read.success ? (read.data.status?.conditions ?? []) : [];
}

function ended(place: Place, how: string, why: string | null): MusterError {
  return new MusterError({
    code: 'kubernetes-job-ended',
    what: `${describePlace(place)} ${how}${why ? `: ${why.replace(/\.$/, '')}` : ''}.`,
    safe: 'The job does not run any more. Its pods and logs are kept as the cluster is set up.',
    next: "Read the logs of the job's pods, mend the cause, then run it again.",
  });
}
