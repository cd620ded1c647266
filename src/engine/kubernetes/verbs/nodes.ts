import { z } from 'zod';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import type { Done } from '../../steps/structured.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import { objectSchema } from '../objects/object.ts';
import { record, seconds, type VerbWork, type Work } from './work.ts';

const nodeSchema = objectSchema.extend({
  spec: z.looseObject({ unschedulable: z.boolean().optional() }),
});

const beforeSchema = z.object({ unschedulable: z.boolean() });

export const cordon: VerbWork<KubernetesSpecOf<'cordon'>> = {
  preview: (work) => previewSwitch(work, work.spec.cordon, true),
  act: (work) => switchTo(work, work.spec.cordon, true),
  undo: (work, before) => switchBack(work, work.spec.cordon, before),
};

export const uncordon: VerbWork<KubernetesSpecOf<'uncordon'>> = {
  preview: (work) => previewSwitch(work, work.spec.uncordon, false),
  act: (work) => switchTo(work, work.spec.uncordon, false),
  undo: (work, before) => switchBack(work, work.spec.uncordon, before),
};

export async function nodePlace(work: Work<unknown>, name: string): Promise<Place> {
  return { resource: await work.cluster.ofKind('v1', 'Node'), namespace: null, name };
}

/** Whether the node takes no new pods. Throws MusterError where there is no such node. */
export async function isCordoned(work: Work<unknown>, place: Place): Promise<boolean> {
  const node = await work.cluster.get(place, nodeSchema);
  return node.spec.unschedulable === true;
}

export async function setCordoned(
  work: Work<unknown>,
  place: Place,
  wanted: boolean,
  dryRun = false,
): Promise<void> {
  await work.cluster.patch(place, { spec: { unschedulable: wanted || null } }, 'strategic', {
    doing: `${wanted ? 'cordon' : 'uncordon'} ${describePlace(place)}`,
    dryRun,
    isDone: (now) => (nodeSchema.parse(now).spec.unschedulable === true) === wanted,
  });
}

/** Puts a node back as it was before it was cordoned, uncordoned or drained. */
export async function switchBack(
  work: Work<unknown>,
  name: string,
  before: unknown,
): Promise<Done> {
  const { unschedulable } = beforeSchema.parse(before);
  const place = await nodePlace(work, name);
  await setCordoned(work, place, unschedulable);
  return {
    summary: `${describePlace(place)} takes ${unschedulable ? 'no new pods' : 'pods again'}, as before.`,
    values: {},
  };
}

async function previewSwitch(work: Work<unknown>, name: string, wanted: boolean) {
  const place = await nodePlace(work, name);
  const now = await isCordoned(work, place);
  await setCordoned(work, place, wanted, true);
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
  const unschedulable = await isCordoned(work, place);
  record(work, 'before', await work.cluster.get(place));
  await setCordoned(work, place, wanted);
  record(work, 'after', await work.cluster.get(place));
  return {
    summary: `${wanted ? 'Cordoned' : 'Uncordoned'} ${describePlace(place)} in ${seconds(began)}.`,
    values: { name, count: 1 },
    before: { unschedulable },
  };
}
