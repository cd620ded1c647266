import { z } from 'zod';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { MusterError } from '../../../core/problem.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import type { KubeObject } from '../objects/object.ts';
import { rolledOut } from '../rollout/settle.ts';
import { rolloutLook, workloadSchema } from '../rollout/status.ts';
import { placesOf, plain, record, seconds, these, type VerbWork, type Work } from './work.ts';

/** The annotation by which kubectl restarts too, so that both show in one place. */
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

export const rolloutStatus: VerbWork<KubernetesSpecOf<'rollout-status'>> = {
  async preview(work) {
    const places = await placesOf(work, work.spec['rollout-status']);
    const lines = await Promise.all(
      places.map(async (place) => {
        const { label } = rolloutLook(await work.cluster.get(place, workloadSchema));
        return `${describePlace(place)}: ${label} now.`;
      }),
    );
    return plain(`Waits for the rollout.\n${lines.join('\n')}`);
  },
  async act(work) {
    const began = Date.now();
    const places = await placesOf(work, work.spec['rollout-status']);
    await rolledOut(work, places);
    return {
      summary: `The rollout of ${these(places)} is complete (${seconds(began)}).`,
      values: { name: places[0]?.name ?? '', namespace: work.namespace, count: places.length },
    };
  },
};

export const restart: VerbWork<KubernetesSpecOf<'restart'>> = {
  async preview(work) {
    const places = await placesOf(work, work.spec.restart);
    for (const place of places) await restartOne(work, place, true);
    return plain(
      `Restarts all pods of ${places.map(describePlace).join(', ')}, as its strategy says.`,
    );
  },
  async act(work) {
    const began = Date.now();
    const places = await placesOf(work, work.spec.restart);
    for (const place of places) {
      record(work, 'before', await work.cluster.get(place));
      await restartOne(work, place, false);
      work.context.log(`Asked for a restart of ${describePlace(place)}.`);
    }
    if (work.spec.settle) await rolledOut(work, places);
    for (const place of places) record(work, 'after', await work.cluster.get(place));
    return {
      summary: `Restarted ${these(places)} in ${seconds(began)}.`,
      values: { name: places[0]?.name ?? '', namespace: work.namespace, count: places.length },
    };
  },
};

async function restartOne(work: Work<unknown>, place: Place, dryRun: boolean): Promise<void> {
  const workload = await work.cluster.get(place, workloadSchema);
  if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(place.resource.kind)) {
    throw refused(place, 'has no pods that can be restarted');
  }
  if (workload.spec.paused === true) throw refused(place, 'is paused');
  const at = new Date().toISOString();
  await work.cluster.patch(
    place,
    { spec: { template: { metadata: { annotations: { [RESTARTED]: at } } } } },
    'strategic',
    {
      doing: `restart ${describePlace(place)}`,
      dryRun,
      isDone: (now) => restartedAt(now) === at,
    },
  );
}

const restartedSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      metadata: z
        .looseObject({ annotations: z.record(z.string(), z.string()).nullish() })
        .nullish(),
    }),
  }),
});

function restartedAt(object: KubeObject): string | undefined {
  const read = restartedSchema.safeParse(object);
  return read.success ? read.data.spec.template.metadata?.annotations?.[RESTARTED] : undefined;
}

/** Why the rollout of a workload is left as it is. */
export function refused(place: Place, why: string): MusterError {
  return new MusterError({
    code: 'kubernetes-rollout-refused',
    what: `${describePlace(place)} ${why}.`,
    safe: 'Nothing was changed.',
    next: 'Resume it, look at its controller, or name another workload, then retry.',
  });
}
