import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { readJsonPath, textAt } from '../../../core/kubernetes/json-path.ts';
import { MusterError } from '../../../core/problem.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import type { KubeObject } from '../objects/object.ts';
import { shown } from '../objects/shown.ts';
import { type Goal, goalLook, readGoal } from '../waiting/goals.ts';
import { waitUntil } from '../waiting/wait-until.ts';
import { placesOf, plain, seconds, these, type VerbWork, type Work } from './work.ts';

/** The longest JSON that becomes a value, in characters. */
const LONGEST_VALUE = 64 * 1024;

type Get = KubernetesSpecOf<'get'>;

export const get: VerbWork<Get> = {
  async preview(work) {
    const objects = await readAll(work);
    return plain(`Reads ${objects.length === 1 ? '1 object' : `${objects.length} objects`}.`);
  },
  async act(work) {
    const { spec, context } = work;
    const objects = (await readAll(work)).map(shown);
    const isOne = spec.get.length === 1 && spec.get[0]?.includes('/') === true;
    const whole = isOne ? (objects[0] ?? null) : { kind: 'List', items: objects };
    const content = JSON.stringify(whole, null, 2);
    context.evidence({ name: spec.get.join(', '), mediaType: 'application/json', content });
    for (const { kind, metadata } of objects.slice(0, 200)) {
      context.log(`${kind?.toLowerCase() ?? ''}/${metadata.name}`);
    }
    const [first] = objects;
    return {
      summary: objects.length === 1 ? `Read ${spec.get[0]}.` : `Read ${objects.length} objects.`,
      values: {
        exists: objects.length > 0,
        count: objects.length,
        name: first?.metadata.name ?? '',
        namespace: first?.metadata.namespace ?? work.namespace,
        json: content.length > LONGEST_VALUE ? '' : content,
        value: spec.jsonpath === undefined ? '' : chosen(spec.jsonpath, whole),
      },
    };
  },
};

async function readAll(work: Work<Get>): Promise<KubeObject[]> {
  const { cluster, spec, namespace } = work;
  const found = await Promise.all(
    spec.get.map(async (text) => {
      const place = await cluster.place(text, namespace);
      if (place.name === '') {
        const where = spec['all-namespaces'] === true ? null : place.namespace;
        return cluster.list(place.resource, where, { labelSelector: spec.selector });
      }
      const object = spec['missing-ok'] ? await cluster.find(place) : await cluster.get(place);
      return object === null ? [] : [object];
    }),
  );
  return found.flat();
}

/** What a JSON path chooses, as text. Throws MusterError where it cannot be read. */
function chosen(path: string, value: unknown): string {
  const read = readJsonPath(path);
  if (read.ok) return textAt(value, read.parts);
  throw new MusterError({
    code: 'kubernetes-json-path',
    what: `The JSON path ${path} cannot be used: ${read.message}.`,
    safe: 'Nothing was changed.',
    next: 'Correct the path, such as {.status.phase}.',
  });
}

export const wait: VerbWork<KubernetesSpecOf<'wait'>> = {
  async preview(work) {
    const goal = readGoal(work.spec.for);
    const places = await waitedFor(work, goal);
    const looks = await looksAt(work, places, goal);
    const now = looks.map(({ label }, index) => `${name(places[index])}: ${label} now.`);
    return plain(`Waits for ${work.spec.for}.\n${now.join('\n')}`);
  },
  async act(work) {
    const { spec, context, cluster } = work;
    const began = Date.now();
    const goal = readGoal(spec.for);
    const places = await waitedFor(work, goal);
    let value = '';
    await waitUntil(
      context,
      cluster,
      these(places),
      () => places,
      async () => {
        const looks = await looksAt(work, places, goal);
        const open = looks.filter(({ isDone }) => !isDone);
        value = looks[0]?.value ?? '';
        return {
          isDone: open.length === 0,
          label: open[0]?.label ?? looks[0]?.label ?? 'done',
          done: looks.length - open.length,
          total: looks.length,
        };
      },
    );
    return {
      summary: `${these(places)}: ${spec.for} after ${seconds(began)}.`,
      values: {
        value,
        count: places.length,
        name: places[0]?.name ?? '',
        namespace: work.namespace,
      },
    };
  },
};

/** What is waited for; a selector that chooses nothing is no success, but for a deletion. */
async function waitedFor(work: Work<KubernetesSpecOf<'wait'>>, goal: Goal): Promise<Place[]> {
  const { spec } = work;
  const places = await placesOf(work, spec.wait, spec.selector);
  if (places.length > 0 || goal.kind === 'deleted') return places;
  throw new MusterError({
    code: 'kubernetes-nothing-chosen',
    what: `There is no ${spec.wait.join(', ')}${spec.selector === undefined ? '' : ` with ${spec.selector}`} in the namespace ${work.namespace}.`,
    safe: 'Nothing was changed.',
    next: 'Check the selector and the namespace, then retry.',
  });
}

function looksAt(work: Work<unknown>, places: readonly Place[], goal: Goal) {
  return Promise.all(places.map((place) => goalLook(work.cluster, place, goal)));
}

function name(place: Place | undefined): string {
  return place ? describePlace(place) : '';
}
