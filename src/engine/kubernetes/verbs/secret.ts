import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import { record, seconds, type VerbWork, type Work } from './work.ts';

type Spec = KubernetesSpecOf<'secret'>;

/** Writes a Secret from references. Its values are in no log, no record and no preview. */
export const secret: VerbWork<Spec> = {
  async preview(work) {
    const { spec, cluster } = work;
    const place = await placeOf(work);
    const now = await cluster.find(place);
    const keys = Object.entries(spec.data).map(([key, reference]) => `${key} from ${reference}`);
    return {
      text: `${now === null ? 'Creates' : 'Updates'} ${describePlace(place)}: ${keys.join(', ')}.`,
      detail: null,
      problem: null,
    };
  },

  async act(work) {
    const { spec, context, cluster } = work;
    const began = Date.now();
    const place = await placeOf(work);
    const data: Record<string, string> = {};
    for (const [key, reference] of Object.entries(spec.data)) {
      data[key] = Buffer.from(await context.secret(reference), 'utf8').toString('base64');
    }
    const before = await cluster.find(place);
    if (before !== null) record(work, 'before', before);
    const after = await cluster.patch(
      place,
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: place.name, namespace: place.namespace },
        ...((spec.type !== undefined || before === null) && { type: spec.type ?? 'Opaque' }),
        data,
      },
      'apply',
      {
        doing: `write ${describePlace(place)}`,
        // The step is about exactly these keys, whoever wrote them before.
        force: true,
        isDone: () => false,
      },
    );
    record(work, 'after', after);
    return {
      summary: `${before === null ? 'Created' : 'Updated'} ${describePlace(place)} in ${seconds(began)}.`,
      values: {
        name: place.name,
        namespace: place.namespace ?? '',
        count: Object.keys(data).length,
      },
    };
  },
};

async function placeOf(work: Work<Spec>): Promise<Place> {
  const resource = await work.cluster.ofKind('v1', 'Secret');
  return { resource, namespace: work.namespace, name: work.spec.secret };
}
