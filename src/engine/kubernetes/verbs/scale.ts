import { z } from 'zod';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { MusterError } from '../../../core/problem.ts';
import { pathOf } from '../api/discovery.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import { podsGone, rolledOut } from '../rollout/settle.ts';
import { rollingKinds } from '../rollout/status.ts';
import { fieldInWords } from './changed-since.ts';
import { type Found, takeBackEach } from './take-back-each.ts';
import { placesOf, record, seconds, these, type VerbWork, type Work } from './work.ts';

const scaleSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string().optional() }),
  spec: z.looseObject({ replicas: z.number().optional() }).optional(),
});

const beforeSchema = z.array(z.object({ object: z.string(), replicas: z.int().min(0) }));

type Spec = KubernetesSpecOf<'scale'>;

export const scale: VerbWork<Spec> = {
  async preview(work) {
    const { spec } = work;
    const places = await placesOf(work, spec.scale);
    const lines: string[] = [];
    for (const place of places) {
      const { replicas: now } = await replicasOf(work, place);
      await setReplicas(work, place, spec.replicas, { dryRun: true });
      lines.push(
        now === spec.replicas
          ? `${describePlace(place)} has ${now} replicas already.`
          : `Scales ${describePlace(place)} from ${now} to ${spec.replicas}.`,
      );
    }
    return { text: lines.join('\n'), detail: null, problem: null };
  },

  async act(work) {
    const { spec, context } = work;
    const began = Date.now();
    const places = await placesOf(work, spec.scale);
    const earlier = beforeSchema.nullable().parse(context.earlier()) ?? [];
    const before: z.output<typeof beforeSchema> = [];
    for (const [index, place] of places.entries()) {
      const object = spec.scale[index] ?? '';
      const { replicas: now } = await replicasOf(work, place);
      // An earlier try scaled it already.
      const first = earlier.find((one) => one.object === object && now === spec.replicas);
      const replicas = first?.replicas ?? now;
      if (spec.from !== undefined && replicas !== spec.from) {
        throw unexpected(place, replicas, spec.from);
      }
      before.push({ object, replicas });
    }
    context.keep(before);
    for (const place of places) {
      record(work, 'before', await work.cluster.get(place));
      await setReplicas(work, place, spec.replicas);
      context.log(`Asked for ${spec.replicas} replicas of ${describePlace(place)}.`);
    }
    for (const [index, place] of places.entries()) {
      if (spec.settle) await settled(work, place, spec.replicas, before[index]?.replicas ?? 0);
    }
    for (const place of places) record(work, 'after', await work.cluster.get(place));
    const was = [...new Set(before.map(({ replicas }) => replicas))].join(', ');
    return {
      summary: `Scaled ${these(places)} from ${was} to ${spec.replicas} in ${seconds(began)}.`,
      values: {
        replicas: spec.replicas,
        'replicas-before': before[0]?.replicas ?? 0,
        count: places.length,
        name: places[0]?.name ?? '',
        namespace: work.namespace,
      },
      before,
    };
  },

  async undo(work, before) {
    const began = Date.now();
    const { replicas: left } = work.spec;
    const scaled: { place: Place; replicas: number }[] = [];
    for (const { object, replicas } of beforeSchema.parse(before)) {
      // What had as many before the step was not changed by it.
      if (replicas === left) continue;
      const place = await work.cluster.place(object, work.namespace);
      scaled.push({ place, replicas });
    }
    const written = await takeBackEach(
      scaled,
      async ({ place, replicas }): Promise<Found> => {
        const { replicas: now, version } = await replicasOf(work, place);
        const isBack = now === replicas;
        const others = isBack || now === left ? [] : [fieldInWords('replicas', left, now)];
        return { version, isBack, others };
      },
      ({ place, replicas }, { version }) => setReplicas(work, place, replicas, { version }),
    );
    if (work.spec.settle) {
      for (const { place, replicas } of scaled) await settled(work, place, replicas, left);
    }
    const what = written.map(({ place, replicas }) => `${describePlace(place)} to ${replicas}`);
    return {
      summary:
        what.length === 0
          ? 'Nothing to scale back: all have the replicas that they had before.'
          : `Scaled back ${what.join(', ')} in ${seconds(began)}.`,
      values: {},
    };
  },
};

async function replicasOf(
  work: Work<unknown>,
  place: Place,
): Promise<{ replicas: number; version: string | undefined }> {
  if (!place.resource.subresources.has('scale')) {
    throw new MusterError({
      code: 'kubernetes-no-scale',
      what: `${describePlace(place)} cannot be scaled.`,
      safe: 'Nothing was changed.',
      next: 'Name a Deployment, a StatefulSet or another kind that has replicas.',
    });
  }
  // Read as a whole object first, so that a wrong name is answered with names that are near.
  await work.cluster.get(place);
  const now = await work.cluster.client.read(scalePath(place), {
    doing: `read the replicas of ${describePlace(place)}`,
    schema: scaleSchema,
    signal: work.context.signal,
  });
  return { replicas: now.spec?.replicas ?? 0, version: now.metadata.resourceVersion };
}

function scalePath({ resource, namespace, name }: Place): string {
  return `${pathOf(resource, namespace, name)}/scale`;
}

async function setReplicas(
  work: Work<unknown>,
  place: Place,
  replicas: number,
  /** `version`: of the object that was looked at; the server refuses where it is another by now. */
  how: { dryRun?: boolean; version?: string | undefined } = {},
): Promise<void> {
  const path = scalePath(place);
  const { dryRun = false, version } = how;
  const doing = `scale ${describePlace(place)} to ${replicas}`;
  const { signal } = work.context;
  await work.cluster.client.change(path, {
    method: 'PATCH',
    body: {
      ...(version !== undefined && { metadata: { resourceVersion: version } }),
      spec: { replicas },
    },
    contentType: 'application/merge-patch+json',
    doing,
    signal,
    schema: scaleSchema,
    query: { fieldManager: 'muster', dryRun: dryRun ? 'All' : undefined },
    lookUp: async () => {
      const now = await work.cluster.client.read(path, { doing, signal, schema: scaleSchema });
      return now.spec?.replicas === replicas ? now : null;
    },
  });
}

async function settled(
  work: Work<unknown>,
  place: Place,
  replicas: number,
  before: number,
): Promise<void> {
  // Another kind that scales, such as an operator's, tells of its pods alone.
  if (rollingKinds.includes(place.resource.kind)) await rolledOut(work, [place]);
  if (replicas < before) await podsGone(work, place, replicas);
}

function unexpected(place: Place, now: number, from: number): MusterError {
  return new MusterError({
    code: 'kubernetes-replicas-differ',
    what: `${describePlace(place)} has ${now} replicas, and the step expects ${from}.`,
    safe: 'Nothing was scaled.',
    next: 'Find out who scaled it, then retry or correct `from`.',
  });
}
