import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import type { KubeObject } from '../objects/object.ts';
import { difference } from '../objects/shown.ts';
import { earlierOf, keepObjects, putBack, remember } from './put-back.ts';
import { record, seconds, type VerbWork, type Work } from './work.ts';

type Spec = KubernetesSpecOf<'patch'>;

export const patch: VerbWork<Spec> = {
  async preview(work) {
    const { place, before } = await found(work);
    const after = await send(work, place, before, true);
    return {
      text: `Patches ${describePlace(place)}.`,
      detail: difference(describePlace(place), before, after) || 'No difference.',
      problem: null,
    };
  },
  async act(work) {
    const began = Date.now();
    const { place, before } = await found(work);
    record(work, 'before', before);
    const earlier = earlierOf(work);
    keepObjects(work, earlier, [{ place, object: before }]);
    const after = await send(work, place, before, false);
    record(work, 'after', after);
    return {
      summary: `Patched ${describePlace(place)} in ${seconds(began)}.`,
      values: { name: place.name, namespace: place.namespace ?? '', count: 1 },
      before: [remember(place, before, after, earlier)],
    };
  },
  undo: putBack,
};

async function found(work: Work<Spec>): Promise<{ place: Place; before: KubeObject }> {
  const place = await work.cluster.place(work.spec.patch, work.namespace);
  return { place, before: await work.cluster.get(place) };
}

async function send(
  work: Work<Spec>,
  place: Place,
  before: KubeObject,
  dryRun: boolean,
): Promise<KubeObject> {
  const { spec, cluster } = work;
  return cluster.patch(place, spec.with, spec.type ?? usual(spec.with, place), {
    doing: `patch ${describePlace(place)}`,
    dryRun,
    // A list of operations may add twice: an object that is not as it was before got this patch.
    isDone: (now) => now.metadata.resourceVersion !== before.metadata.resourceVersion,
  });
}

/** What is defined by a CRD knows no strategic merge; its group has a domain of its own. */
function usual(patch: unknown, { resource }: Place): 'strategic' | 'merge' | 'json' {
  if (Array.isArray(patch)) return 'json';
  const isBuiltIn = !resource.group.includes('.') || resource.group.endsWith('.k8s.io');
  return isBuiltIn ? 'strategic' : 'merge';
}
