import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { readJsonPath, textAt } from '../../../core/kubernetes/json-path.ts';
import { MusterError } from '../../../core/problem.ts';
import { type ApiRefusal, isStatus } from '../api/problems.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import type { KubeObject } from '../objects/object.ts';
import { difference } from '../objects/shown.ts';
import { rolledOut } from '../rollout/settle.ts';
import { rollingKinds } from '../rollout/status.ts';
import { waitUntil } from '../waiting/wait-until.ts';
import { fromBackup } from './from-backup.ts';
import { placeManifests, readManifests, type Wanted } from './manifests.ts';
import { withProtocols } from './protocols.ts';
import { type Before, earlierOf, keepObjects, putBack, remember } from './put-back.ts';
import { inParallel, record, seconds, type VerbWork, type Work } from './work.ts';

/** Requests at once. */
const AT_ONCE = 16;
/** From so many objects of one kind on, what is there is read in one list. */
const LIST_FROM = 20;
/** Of how many objects the state before and after is kept as evidence of its own. */
const MOST_RECORDED = 20;
/** A longer difference is cut in the preview and in the record, in characters. */
const LONGEST_DIFFERENCE = 512 * 1024;

/** What others stand on comes first. */
const FIRST_KINDS = ['Namespace', 'CustomResourceDefinition'];

type Spec = KubernetesSpecOf<'apply'>;

export const apply: VerbWork<Spec> = {
  async preview(work) {
    const wanted = await wantedOf(work);
    const now = await objectsNow(work, wanted);
    const differences: string[] = new Array(wanted.length).fill('');
    const counts = { created: 0, changed: 0, same: 0 };
    await inParallel(wanted, AT_ONCE, async (one, index) => {
      const before = now[index] ?? null;
      const after = await tryOut(work, one, wanted);
      const text = difference(describePlace(one.place), before, after);
      differences[index] = text;
      if (before === null) counts.created += 1;
      else if (text === '') counts.same += 1;
      else counts.changed += 1;
    });
    return {
      text: `Creates ${counts.created}, changes ${counts.changed} and leaves ${counts.same} as they are.`,
      detail: cut(differences.filter((text) => text !== '').join('\n')) || 'No difference.',
      problem: null,
    };
  },

  async act(work) {
    const { spec, context } = work;
    const began = Date.now();
    const wanted = await wantedOf(work);
    const now = await objectsNow(work, wanted);
    const earlier = earlierOf(work);
    keepObjects(
      work,
      earlier,
      wanted.map(({ place }, index) => ({ place, object: now[index] ?? null })),
    );
    const applied: (KubeObject | null)[] = new Array(wanted.length).fill(null);
    let done = 0;
    const applyOne = async (one: Wanted): Promise<void> => {
      const index = wanted.indexOf(one);
      applied[index] = await applyTo(work, one, false);
      done += 1;
      context.progress({ label: 'Applying', done, total: wanted.length, unit: 'objects' });
    };
    try {
      const first = wanted.filter(({ place }) => FIRST_KINDS.includes(place.resource.kind));
      await inParallel(first, AT_ONCE, applyOne);
      await served(work, first);
      await inParallel(
        wanted.filter((one) => !first.includes(one)),
        AT_ONCE,
        applyOne,
      );
    } catch (error) {
      throw partly(error, wanted, applied);
    }
    const differences = wanted.map(({ place }, index) => {
      const [before, after] = [now[index] ?? null, applied[index] ?? null];
      if (after !== null && index < MOST_RECORDED) {
        if (before !== null) record(work, 'before', before);
        record(work, 'after', after);
      }
      return difference(describePlace(place), before, after);
    });
    const text = differences.filter((one) => one !== '').join('\n');
    if (text !== '') {
      context.evidence({ name: 'difference', mediaType: 'text/plain', content: cut(text) });
    }
    const created = now.filter((before) => before === null).length;
    const changed = differences.filter((one) => one !== '').length - created;
    const rolling = wanted
      .map(({ place }) => place)
      .filter(({ resource }) => rollingKinds.includes(resource.kind));
    if (spec.settle) await rolledOut(work, rolling);
    return {
      summary: `Applied ${wanted.length} objects in ${seconds(began)}: ${created} created, ${changed} changed.`,
      values: {
        count: wanted.length,
        name: wanted[0]?.place.name ?? '',
        namespace: wanted[0]?.place.namespace ?? work.namespace,
      },
      before: wanted.map(
        ({ place }, index): Before =>
          remember(place, now[index] ?? null, applied[index] ?? null, earlier),
      ),
    };
  },

  undo: putBack,
};

async function wantedOf(work: Work<Spec>): Promise<Wanted[]> {
  const { spec, context, cluster, namespace } = work;
  const read = await readManifests(spec.apply, context.cwd);
  if (!spec['from-backup']) return placeManifests(cluster, read, namespace);
  const { objects, left } = fromBackup(read);
  for (const line of left) context.log(`Left out ${line}.`);
  return placeManifests(cluster, objects, namespace);
}

/** What is there now, in the same order; null where nothing is. */
async function objectsNow(
  work: Work<unknown>,
  wanted: readonly Wanted[],
): Promise<(KubeObject | null)[]> {
  const now: (KubeObject | null)[] = new Array(wanted.length).fill(null);
  const groups = new Map<string, number[]>();
  for (const [index, { place }] of wanted.entries()) {
    const { group, version, name } = place.resource;
    const key = `${group}/${version}/${name}/${place.namespace ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  const singles: number[] = [];
  for (const indexes of groups.values()) {
    const place = wanted[indexes[0] ?? 0]?.place;
    if (place === undefined) continue;
    if (indexes.length < LIST_FROM) singles.push(...indexes);
    else {
      const listed = await work.cluster.list(place.resource, place.namespace);
      const byName = new Map(listed.map((object) => [object.metadata.name, object]));
      for (const index of indexes) now[index] = byName.get(wanted[index]?.place.name ?? '') ?? null;
    }
  }
  await inParallel(singles, AT_ONCE, async (index) => {
    const place = wanted[index]?.place;
    if (place !== undefined) now[index] = await work.cluster.find(place);
  });
  return now;
}

async function applyTo(work: Work<Spec>, one: Wanted, dryRun: boolean): Promise<KubeObject> {
  const { place, object } = one;
  try {
    return await work.cluster.patch(place, withProtocols(object), 'apply', {
      doing: `apply ${describePlace(place)}`,
      dryRun,
      force: work.spec.force,
      // Applying the same again comes to the same.
      isDone: () => false,
    });
  } catch (error) {
    throw isStatus(error, 409) ? conflict(place, error) : error;
  }
}

/** A dry run; what lies in a namespace or is of a kind that the same step makes is taken as written. */
async function tryOut(work: Work<Spec>, one: Wanted, all: readonly Wanted[]): Promise<KubeObject> {
  const { namespace } = one.place;
  const makesIt = all.some(
    ({ place }) => place.resource.kind === 'Namespace' && place.name === namespace,
  );
  try {
    return await applyTo(work, one, true);
  } catch (error) {
    if (makesIt && isStatus(error, 404)) return one.object;
    throw error;
  }
}

/** A kind that was just defined is served a moment later. */
async function served(work: Work<unknown>, first: readonly Wanted[]): Promise<void> {
  const places = first
    .map(({ place }) => place)
    .filter(({ resource }) => resource.kind === 'CustomResourceDefinition');
  if (places.length === 0) return;
  await waitUntil(
    work.context,
    work.cluster,
    'New kinds',
    () => places,
    async () => {
      const objects = await Promise.all(places.map((place) => work.cluster.get(place)));
      const open = objects.filter((object) => !isEstablished(object));
      return {
        isDone: open.length === 0,
        label: `${open.length} not served yet`,
        done: places.length - open.length,
        total: places.length,
      };
    },
  );
}

const established = readJsonPath('{.status.conditions[?(@.type=="Established")].status}');

function isEstablished(object: KubeObject): boolean {
  return established.ok && textAt(object, established.parts) === 'True';
}

/** Names who set the fields, as the server says it. */
function conflict(place: Place, error: ApiRefusal): MusterError {
  const causes = error.said.details?.causes ?? [];
  const fields = causes.map(({ message, field }) => `${field ?? ''} (${message ?? 'conflict'})`);
  return new MusterError({
    code: 'kubernetes-field-conflict',
    what: `${describePlace(place)} has fields that somebody else manages: ${fields.join('; ') || error.message}.`,
    safe: 'This object was not changed.',
    next: 'Leave these fields out, or take them over with `force: true`.',
  });
}

/** What was applied before a failure stays, so the failure says which. */
function partly(
  error: unknown,
  wanted: readonly Wanted[],
  applied: readonly (KubeObject | null)[],
): unknown {
  const done = wanted.filter((_, index) => applied[index] != null);
  if (!(error instanceof MusterError) || done.length === 0) return error;
  const names = done.slice(0, 10).map(({ place }) => describePlace(place));
  const more = done.length > names.length ? ` and ${done.length - names.length} more` : '';
  return new MusterError({
    ...error.problem,
    safe: `${done.length} of ${wanted.length} objects were applied before: ${names.join(', ')}${more}. The others were not changed.`,
    next: `${error.problem.next} Applying all of it again is safe.`,
  });
}

function cut(text: string): string {
  return text.length > LONGEST_DIFFERENCE
    ? `${text.slice(0, LONGEST_DIFFERENCE)}\n(cut here: the difference is longer)`
    : text;
}
