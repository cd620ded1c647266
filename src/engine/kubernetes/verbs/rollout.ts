import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { takeBack } from '../../../core/kubernetes/take-back.ts';
import { MusterError } from '../../../core/problem.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import type { KubeObject } from '../objects/object.ts';
import { difference } from '../objects/shown.ts';
import { type Revision, revisionsOf } from '../rollout/revisions.ts';
import { rolledOut } from '../rollout/settle.ts';
import { rolloutLook, type Workload, workloadSchema } from '../rollout/status.ts';
import { fieldInWords } from './changed-since.ts';
import { type Found, takeBackEach } from './take-back-each.ts';
import { placesOf, plain, record, rest, seconds, these, type VerbWork, type Work } from './work.ts';

/** The annotation by which kubectl restarts too, so that both show in one place. */
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

/** How long a controller has for a change, and how often it is looked at, in ms. */
const TAKEN_UP_MS = 10_000;
const LOOK_MS = 200;

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

const templateSchema = z.record(z.string(), z.unknown());

type Template = z.output<typeof templateSchema>;

const beforeSchema = z.object({
  template: templateSchema,
  /** The template that the step left, with what the server added to it. */
  left: templateSchema,
});

export const undoRollout: VerbWork<KubernetesSpecOf<'undo-rollout'>> = {
  async preview(work) {
    const { place, workload, revision } = await plan(work);
    const after = await setTemplate(work, place, revision.template, { dryRun: true });
    return {
      text: `Rolls ${describePlace(place)} back to revision ${revision.number}.`,
      detail: difference(describePlace(place), workload, after) || 'No difference.',
      problem: null,
    };
  },
  async act(work) {
    const began = Date.now();
    const { place, workload, revision } = await plan(work);
    record(work, 'before', workload);
    const left = await setTemplate(work, place, revision.template);
    if (work.spec.settle) await rolledOut(work, [place]);
    record(work, 'after', await work.cluster.get(place));
    return {
      summary: `Rolled ${describePlace(place)} back to revision ${revision.number} in ${seconds(began)}.`,
      values: { revision: revision.number, name: place.name, namespace: work.namespace },
      before: {
        template: templateOf(workload),
        left: templateOf(left),
      } satisfies z.output<typeof beforeSchema>,
    };
  },
  async undo(work, before) {
    const { template, left } = beforeSchema.parse(before);
    const place = await work.cluster.place(work.spec['undo-rollout'], work.namespace);
    const written = await takeBackEach(
      [{ place }],
      async (): Promise<Found & { template: Template }> => {
        const now = await work.cluster.get(place, workloadSchema);
        const { value, conflicts } = takeBack(template, left, templateOf(now));
        const back = templateSchema.parse(value);
        return {
          version: now.metadata.resourceVersion,
          isBack: isDeepStrictEqual(back, templateOf(now)),
          others: conflicts.map((one) => fieldInWords(one.path, one.left, one.now)),
          template: back,
        };
      },
      (_, { template: back, version }) => setTemplate(work, place, back, { version }),
    );
    if (work.spec.settle) await rolledOut(work, [place]);
    return {
      summary:
        written.length === 0
          ? `Nothing to put back: the pods of ${describePlace(place)} are as they were before.`
          : `Put the pods of ${describePlace(place)} back as they were.`,
      values: {},
    };
  },
};

async function plan(
  work: Work<KubernetesSpecOf<'undo-rollout'>>,
): Promise<{ place: Place; workload: Workload; revision: Revision }> {
  const { spec, cluster, namespace } = work;
  const place = await cluster.place(spec['undo-rollout'], namespace);
  const workload = await takenUp(work, place);
  if (workload.spec.paused === true) throw refused(place, 'is paused');
  const revisions = await revisionsOf(cluster, place, workload);
  const wanted = spec['to-revision'];
  const revision =
    wanted === undefined || wanted === 0
      ? revisions[1]
      : revisions.find(({ number }) => number === wanted);
  if (revision) return { place, workload, revision };
  const numbers = revisions.map(({ number }) => number).join(', ');
  throw new MusterError({
    code: 'kubernetes-revision-missing',
    what:
      wanted === undefined
        ? `${describePlace(place)} has no revision before the present one.`
        : `${describePlace(place)} has no revision ${wanted}.`,
    safe: 'Nothing was changed.',
    next: `The cluster remembers ${numbers || 'none'}. Choose one of them, or apply the manifest that you want.`,
  });
}

/** A change that its controller has not taken up is no revision yet: another one would seem the last. */
async function takenUp({ cluster, context }: Work<unknown>, place: Place): Promise<Workload> {
  const until = Date.now() + TAKEN_UP_MS;
  for (;;) {
    const workload = await cluster.get(place, workloadSchema);
    const { generation = 0 } = workload.metadata;
    if ((workload.status?.observedGeneration ?? generation) >= generation) return workload;
    if (Date.now() > until) throw refused(place, 'was changed, and nothing takes the change up');
    await rest(LOOK_MS, context.signal);
  }
}

async function setTemplate(
  work: Work<unknown>,
  place: Place,
  template: Template,
  /** `version`: of the object that was looked at; the server refuses where it is another by now. */
  how: { dryRun?: boolean; version?: string | undefined } = {},
): Promise<Workload> {
  const { dryRun = false, version } = how;
  const patch = [
    ...(version === undefined
      ? []
      : [{ op: 'replace', path: '/metadata/resourceVersion', value: version }]),
    { op: 'replace', path: '/spec/template', value: template },
  ];
  const left = await work.cluster.patch(place, patch, 'json', {
    doing: `roll ${describePlace(place)} back`,
    dryRun,
    isDone: (now) => {
      const read = workloadSchema.safeParse(now);
      return read.success && isDeepStrictEqual(read.data.spec.template, template);
    },
  });
  return workloadSchema.parse(left);
}

function templateOf({ spec }: Workload): Template {
  return spec.template ?? {};
}

function refused(place: Place, why: string): MusterError {
  return new MusterError({
    code: 'kubernetes-rollout-refused',
    what: `${describePlace(place)} ${why}.`,
    safe: 'Nothing was changed.',
    next: 'Resume it, look at its controller, or name another workload, then retry.',
  });
}
