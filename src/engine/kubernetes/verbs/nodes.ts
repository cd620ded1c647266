import { z } from 'zod';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import type { Done } from '../../steps/structured.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import { objectSchema } from '../objects/object.ts';
import { takeBackEach } from './take-back-each.ts';
import { record, seconds, type VerbWork, type Work } from './work.ts';

const nodeSchema = objectSchema.extend({
  spec: z.looseObject({ unschedulable: z.boolean().optional() }),
});

const beforeSchema = z.object({ unschedulable: z.boolean() });

export const cordon: VerbWork<KubernetesSpecOf<'cordon'>> = {
  preview: (work) => previewSwitch(work, work.spec.cordon, true),
  act: (work) => switchTo(work, work.spec.cordon, true),
  undo: (work, before) => switchBack(work, work.spec.cordon, before, true),
};

export const uncordon: VerbWork<KubernetesSpecOf<'uncordon'>> = {
  preview: (work) => previewSwitch(work, work.spec.uncordon, false),
  act: (work) => switchTo(work, work.spec.uncordon, false),
  undo: (work, before) => switchBack(work, work.spec.uncordon, before, false),
};

export async function nodePlace(work: Work<unknown>, name: string): Promise<Place> {
  return { resource: await work.cluster.ofKind('v1', 'Node'), namespace: null, name };
}

/** `unschedulable` is true of a node that takes no new pods. Throws MusterError where there is none. */
export async function nodeState(
  work: Work<unknown>,
  place: Place,
): Promise<{ unschedulable: boolean; version: string | undefined }> {
  const { metadata, spec } = await work.cluster.get(place, nodeSchema);
  return { unschedulable: spec.unschedulable === true, version: metadata.resourceVersion };
}

export async function setCordoned(
  work: Work<unknown>,
  place: Place,
  wanted: boolean,
  /** `version`: of the node that was looked at; the server refuses where it is another by now. */
  how: { dryRun?: boolean; version?: string | undefined } = {},
): Promise<void> {
  const { dryRun = false, version } = how;
  const patch = {
    ...(version !== undefined && { metadata: { resourceVersion: version } }),
    spec: { unschedulable: wanted || null },
  };
  await work.cluster.patch(place, patch, 'strategic', {
    doing: `${wanted ? 'cordon' : 'uncordon'} ${describePlace(place)}`,
    dryRun,
    isDone: (now) => (nodeSchema.parse(now).spec.unschedulable === true) === wanted,
  });
}

/**
 * How the node was before this step, kept for its undo: as an earlier try found it, where what that
 * try did is still there.
 */
export function keepState(
  { context }: Work<unknown>,
  unschedulable: boolean,
  wanted: boolean,
): z.output<typeof beforeSchema> {
  const earlier = beforeSchema.nullable().parse(context.earlier());
  const before = unschedulable === wanted && earlier !== null ? earlier : { unschedulable };
  context.keep(before);
  return before;
}

/** Puts a node back as it was before a step that left it cordoned or not. */
export async function switchBack(
  work: Work<unknown>,
  name: string,
  before: unknown,
  left: boolean,
): Promise<Done> {
  const { unschedulable } = beforeSchema.parse(before);
  const place = await nodePlace(work, name);
  const written = await takeBackEach(
    // What it was already before the step was not changed by it.
    unschedulable === left ? [] : [{ place }],
    async () => {
      const { unschedulable: now, version } = await nodeState(work, place);
      return { version, isBack: now === unschedulable, others: [] };
    },
    (_, { version }) => setCordoned(work, place, unschedulable, { version }),
  );
  const what = unschedulable ? 'takes no new pods' : 'takes pods';
  return {
    summary:
      written.length > 0
        ? `${describePlace(place)} ${what} again, as before.`
        : `Nothing to take back: ${describePlace(place)} was left as it is.`,
    values: {},
  };
}

async function previewSwitch(work: Work<unknown>, name: string, wanted: boolean) {
  const place = await nodePlace(work, name);
  const { unschedulable: now } = await nodeState(work, place);
  await setCordoned(work, place, wanted, { dryRun: true });
  const what = wanted ? 'takes no new pods' : 'takes new pods';
  return {
    text: `${describePlace(place)} ${what} ${now === wanted ? 'already' : 'then'}. Its pods go on running.`,
    detail: null,
    problem: null,
  };
}

async function switchTo(work: Work<unknown>, name: string, wanted: boolean): Promise<Done> {
  const began = Date.now();
  const place = await nodePlace(work, name);
  const { unschedulable } = await nodeState(work, place);
  record(work, 'before', await work.cluster.get(place));
  const before = keepState(work, unschedulable, wanted);
  await setCordoned(work, place, wanted);
  record(work, 'after', await work.cluster.get(place));
  return {
    summary: `${wanted ? 'Cordoned' : 'Uncordoned'} ${describePlace(place)} in ${seconds(began)}.`,
    values: { name, count: 1 },
    before,
  };
}
