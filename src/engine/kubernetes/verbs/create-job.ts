import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { MusterError } from '../../../core/problem.ts';
import { apiVersionOf } from '../api/discovery.ts';
import { isStatus } from '../api/problems.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import { type KubeObject, objectSchema } from '../objects/object.ts';
import { difference } from '../objects/shown.ts';
import { goalLook, hasFailed } from '../waiting/goals.ts';
import { waitUntil } from '../waiting/wait-until.ts';
import { readManifests } from './manifests.ts';
import { record, rest, seconds, type VerbWork, type Work } from './work.ts';

/** Tells a job that this very attempt made from one that was there before. */
const ATTEMPT = 'muster/attempt';
const LOOK_MS = 500;

const cronJobSchema = objectSchema.extend({
  spec: z.looseObject({
    jobTemplate: z.looseObject({
      metadata: z
        .looseObject({
          labels: z.record(z.string(), z.string()).nullish(),
          annotations: z.record(z.string(), z.string()).nullish(),
        })
        .nullish(),
      spec: z.looseObject({}),
    }),
  }),
});

/** What a try keeps for the next one, which finds its job by it. */
const keptSchema = z.object({ attempt: z.string() });

const beforeSchema = z.object({ name: z.string(), namespace: z.string(), uid: z.string() });

type Spec = KubernetesSpecOf<'create-job'>;

export const createJob: VerbWork<Spec> = {
  async preview(work) {
    const { place, job } = await plan(work);
    const after = await create(work, place, job, 'preview', true);
    return {
      text: `Creates ${describePlace(place)}${work.spec.settle ? ' and waits until it is complete' : ''}.`,
      detail: difference(describePlace(place), null, after),
      problem: null,
    };
  },

  async act(work) {
    const { context, cluster, spec } = work;
    const began = Date.now();
    const { place, job } = await plan(work);
    const made = (await madeEarlier(work, place)) ?? (await makeAnew(work, place, job));
    record(work, 'after', made);
    if (spec.settle) {
      await waitUntil(
        context,
        cluster,
        describePlace(place),
        () => [place],
        async () => {
          const { isDone, label } = await goalLook(cluster, place, { kind: 'complete' });
          return { isDone, label, done: isDone ? 1 : 0, total: 1 };
        },
      );
      record(work, 'after', await cluster.get(place));
    }
    return {
      summary: `${describePlace(place)} ${spec.settle ? 'is complete' : 'was created'} (${seconds(began)}).`,
      values: { name: place.name, namespace: place.namespace ?? '', count: 1 },
      before: { name: place.name, namespace: place.namespace, uid: made.metadata.uid },
    };
  },

  async undo(work, before) {
    const { name, namespace, uid } = beforeSchema.parse(before);
    const resource = await work.cluster.named('jobs.batch');
    const place = { resource, namespace, name };
    const doing = `delete ${describePlace(place)}`;
    const isDeleted = await work.cluster.remove(place, uid, { doing });
    return {
      summary: `${describePlace(place)} ${isDeleted ? 'was deleted with its pods' : 'was gone already'}.`,
      values: {},
    };
  },
};

async function makeAnew(work: Work<Spec>, place: Place, job: KubeObject): Promise<KubeObject> {
  const attempt = randomBytes(8).toString('hex');
  work.context.keep({ attempt } satisfies z.output<typeof keptSchema>);
  const made = await create(work, place, job, attempt, false);
  work.context.log(`Created ${describePlace(place)}.`);
  return made;
}

/** The job of an earlier try that runs or is complete; one that failed gives way to a new one. */
async function madeEarlier(work: Work<Spec>, place: Place): Promise<KubeObject | null> {
  const { cluster, context } = work;
  const kept = keptSchema.nullable().parse(context.earlier());
  const found = kept && (await cluster.find(place));
  if (!found || found.metadata.annotations?.[ATTEMPT] !== kept.attempt) return null;
  if (!hasFailed(found)) {
    context.keep(kept);
    context.log(`Takes up ${describePlace(place)}, which an earlier try created.`);
    return found;
  }
  const { uid } = found.metadata;
  await cluster.remove(place, uid, { doing: `delete ${describePlace(place)}` });
  while ((await cluster.find(place))?.metadata.uid === uid) await rest(LOOK_MS, context.signal);
  context.log(`Deleted ${describePlace(place)}, which an earlier try created and which failed.`);
  return null;
}

async function plan(work: Work<Spec>): Promise<{ place: Place; job: KubeObject }> {
  const { spec, cluster, namespace, context } = work;
  const resource = await cluster.named('jobs.batch');
  const job =
    spec.from === undefined
      ? await fromManifest(spec, context.cwd)
      : await fromCronJob(work, spec.from);
  const where = job.metadata.namespace ?? namespace;
  return {
    place: { resource, namespace: where, name: job.metadata.name },
    job: {
      ...job,
      apiVersion: apiVersionOf(resource),
      kind: 'Job',
      metadata: { ...job.metadata, namespace: where },
    },
  };
}

async function fromManifest(spec: Spec, cwd: string): Promise<KubeObject> {
  const body = spec['create-job'];
  const name = typeof body === 'string' ? body : null;
  if (name !== null && spec.file === undefined) {
    throw wrong('names neither a CronJob in `from` nor a manifest in `file`');
  }
  const objects = await readManifests(name === null ? body : spec.file, cwd);
  const [job] = objects;
  if (objects.length !== 1 || job?.kind !== 'Job')
    throw wrong('needs a manifest of exactly one Job');
  return name === null ? job : { ...job, metadata: { ...job.metadata, name } };
}

/** As the CronJob's own controller makes it, in whichever version the cluster serves CronJobs. */
async function fromCronJob(work: Work<Spec>, from: string): Promise<KubeObject> {
  const { cluster, namespace, spec } = work;
  if (typeof spec['create-job'] !== 'string') throw wrong('has both a manifest and `from`');
  const place = await cluster.place(from, namespace);
  if (place.resource.kind !== 'CronJob') throw wrong(`takes a CronJob in \`from\`, not ${from}`);
  const cronJob = await cluster.get(place, cronJobSchema);
  const { metadata, spec: jobSpec } = cronJob.spec.jobTemplate;
  return {
    metadata: {
      name: spec['create-job'],
      labels: metadata?.labels ?? {},
      annotations: { ...metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [
        {
          apiVersion: apiVersionOf(place.resource),
          kind: 'CronJob',
          name: cronJob.metadata.name,
          uid: cronJob.metadata.uid ?? '',
        },
      ],
    },
    spec: jobSpec,
  };
}

async function create(
  work: Work<Spec>,
  place: Place,
  job: KubeObject,
  attempt: string,
  dryRun: boolean,
): Promise<KubeObject> {
  const annotations = { ...job.metadata.annotations, [ATTEMPT]: attempt };
  try {
    return await work.cluster.create(
      place,
      { ...job, metadata: { ...job.metadata, annotations } },
      {
        doing: `create ${describePlace(place)}`,
        dryRun,
        mark: (found) => found.metadata.annotations?.[ATTEMPT] === attempt,
      },
    );
  } catch (error) {
    // The first request arrived after all, and its answer was lost.
    if (!dryRun && isStatus(error, 409)) {
      const found = await work.cluster.find(place);
      if (found?.metadata.annotations?.[ATTEMPT] === attempt) return found;
    }
    throw error;
  }
}

function wrong(why: string): MusterError {
  return new MusterError({
    code: 'kubernetes-job-unclear',
    what: `The step ${why}.`,
    safe: 'Nothing was changed.',
    next: 'Write `create-job: NAME` with `from: cronjob/NAME` or `file: PATH`, or the job itself.',
  });
}
