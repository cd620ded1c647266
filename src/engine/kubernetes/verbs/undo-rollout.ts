import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { isAsKept, takeBack } from '../../../core/kubernetes/take-back.ts';
import { MusterError } from '../../../core/problem.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import { difference } from '../objects/shown.ts';
import { type Revision, revisionsOf } from '../rollout/revisions.ts';
import { rolledOut } from '../rollout/settle.ts';
import { type Workload, workloadSchema } from '../rollout/status.ts';
import { fieldInWords } from './changed-since.ts';
import { refused } from './rollout.ts';
import { type Found, takeBackEach } from './take-back-each.ts';
import { record, rest, seconds, type VerbWork, type Work } from './work.ts';

/** How long a controller has for a change, and how often it is looked at, in ms. */
const TAKEN_UP_MS = 10_000;
const LOOK_MS = 200;

const templateSchema = z.record(z.string(), z.unknown());

type Template = z.output<typeof templateSchema>;

const beforeSchema = z.object({
  template: templateSchema,
  /** The template that the step left, with what the server added to it. */
  left: templateSchema,
});

/** What a try keeps for the next one: a second roll back would bring the bad revision again. */
const keptSchema = beforeSchema.extend({ revision: z.number() });

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
    const place = await work.cluster.place(work.spec['undo-rollout'], work.namespace);
    const { revision, ...before } =
      (await rolledBackEarlier(work, place)) ?? (await rollBack(work));
    if (work.spec.settle) await rolledOut(work, [place]);
    record(work, 'after', await work.cluster.get(place));
    return {
      summary: `Rolled ${describePlace(place)} back to revision ${revision} in ${seconds(began)}.`,
      values: { revision, name: place.name, namespace: work.namespace },
      before,
    };
  },
  async undo(work, before) {
    const { holdsSecret } = work.context;
    const { template, left } = beforeSchema.parse(before);
    const place = await work.cluster.place(work.spec['undo-rollout'], work.namespace);
    const written = await takeBackEach(
      [{ place }],
      async (): Promise<Found & { template: Template }> => {
        const now = await work.cluster.get(place, workloadSchema);
        const { value, conflicts } = takeBack(template, left, templateOf(now), holdsSecret);
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

async function rollBack(
  work: Work<KubernetesSpecOf<'undo-rollout'>>,
): Promise<z.output<typeof keptSchema>> {
  const { context } = work;
  const { place, workload, revision } = await plan(work);
  record(work, 'before', workload);
  const kept = {
    template: templateOf(workload),
    left: revision.template,
    revision: revision.number,
  };
  context.keep(kept);
  const left = templateOf(await setTemplate(work, place, revision.template));
  context.keep({ ...kept, left });
  return { ...kept, left };
}

/** What an earlier try did that is still there; null where there is none. */
async function rolledBackEarlier(
  { cluster, context }: Work<unknown>,
  place: Place,
): Promise<z.output<typeof keptSchema> | null> {
  const kept = keptSchema.nullable().parse(context.earlier());
  if (kept === null) return null;
  const now = await cluster.get(place, workloadSchema);
  if (!isAsKept(kept.left, templateOf(now), context.holdsSecret)) return null;
  context.keep(kept);
  context.log(
    `An earlier try rolled ${describePlace(place)} back to revision ${kept.revision} already.`,
  );
  return kept;
}

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
