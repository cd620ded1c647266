import { canBeMadeAgain } from '../../../core/actions/kinds/kubernetes/changes.ts';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { MusterError } from '../../../core/problem.ts';
import { parseDuration } from '../../../core/units.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import type { KubeObject } from '../objects/object.ts';
import { waitUntil } from '../waiting/wait-until.ts';
import { earlierOf, keepObjects, missedBy, putBack, remember } from './put-back.ts';
import { placesOf, record, seconds, these, type VerbWork, type Work } from './work.ts';

type Spec = KubernetesSpecOf<'delete'>;

export const remove: VerbWork<Spec> = {
  async preview(work) {
    const found = await present(work);
    for (const { place, object } of found) await removeOne(work, place, object, true);
    const names = found.slice(0, 50).map(({ place }) => describePlace(place));
    return {
      text:
        found.length === 0
          ? 'There is nothing to delete.'
          : `Deletes ${these(found.map(({ place }) => place))}.`,
      detail: found.length > 1 ? names.join('\n') : null,
      problem: null,
    };
  },

  async act(work) {
    const { spec, cluster, context } = work;
    const began = Date.now();
    const found = await present(work);
    const earlier = earlierOf(work);
    keepObjects(work, earlier, found);
    let deleted = 0;
    for (const { place, object } of found) {
      record(work, 'before', object);
      if (await removeOne(work, place, object, false)) deleted += 1;
      context.log(`Asked to delete ${describePlace(place)}.`);
    }
    if (spec.settle) {
      let left = [...found];
      await waitUntil(
        context,
        cluster,
        these(found.map(({ place }) => place)),
        () => left.map(({ place }) => place),
        async () => {
          const looks = await Promise.all(
            left.map(async (one) => {
              const now = await cluster.find(one.place);
              // A StatefulSet makes a pod of the same name again: that is another one.
              return now !== null && now.metadata.uid === one.object.metadata.uid ? one : null;
            }),
          );
          left = looks.filter((one) => one !== null);
          return {
            isDone: left.length === 0,
            label: left.length === 0 ? 'gone' : `${left.length} still there`,
            done: found.length - left.length,
            total: found.length,
          };
        },
      );
    }
    const places = found.map(({ place }) => place);
    const before = found.map(({ place, object }) => remember(place, object, null));
    return {
      summary:
        found.length === 0
          ? 'There was nothing to delete.'
          : `Deleted ${these(places)} in ${seconds(began)}.`,
      values: { count: deleted, name: places[0]?.name ?? '', namespace: work.namespace },
      before: [...before, ...missedBy(earlier, before)],
    };
  },

  async undo(work, before) {
    const lost = work.spec.delete.filter((one) => !canBeMadeAgain(one));
    if (lost.length > 0) {
      throw new MusterError({
        code: 'kubernetes-not-undoable',
        what: `The deletion of ${lost.join(', ')} cannot be taken back: what was in it is gone with it.`,
        safe: 'Nothing was changed.',
        next: 'Restore it from a backup.',
      });
    }
    return putBack(work, before);
  },
};

interface Present {
  place: Place;
  object: KubeObject;
}

async function present(work: Work<Spec>): Promise<Present[]> {
  const { spec, cluster } = work;
  const found: Present[] = [];
  for (const place of await placesOf(work, spec.delete, spec.selector)) {
    const object = spec['missing-ok'] ? await cluster.find(place) : await cluster.get(place);
    if (object !== null) found.push({ place, object });
  }
  return found;
}

async function removeOne(
  work: Work<Spec>,
  place: Place,
  object: KubeObject,
  dryRun: boolean,
): Promise<boolean> {
  const { grace, cascade } = work.spec;
  const graceMs = grace === undefined ? null : parseDuration(grace);
  return work.cluster.remove(place, object.metadata.uid, {
    doing: `delete ${describePlace(place)}`,
    cascade,
    dryRun,
    ...(graceMs !== null && { graceSeconds: Math.round(graceMs / 1000) }),
  });
}
