import { z } from 'zod';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { MusterError } from '../../../core/problem.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import type { KubeObject } from '../objects/object.ts';
import { fieldInWords } from './changed-since.ts';
import { type Found, takeBackEach } from './take-back-each.ts';
import { placesOf, record, seconds, these, type VerbWork, type Work } from './work.ts';

type Field = 'labels' | 'annotations';
/** By their keys; null where there is none, and to take one away. */
type Values = Readonly<Record<string, string | null>>;
/** What both verbs have beside their objects. */
type Spec = Pick<KubernetesSpecOf<'label'>, 'set' | 'remove' | 'selector'>;

const beforeSchema = z.array(
  z.object({ object: z.string(), values: z.record(z.string(), z.string().nullable()) }),
);

export const label: VerbWork<KubernetesSpecOf<'label'>> = metadataVerb(
  'labels',
  (spec) => spec.label,
);

export const annotate: VerbWork<KubernetesSpecOf<'annotate'>> = metadataVerb(
  'annotations',
  (spec) => spec.annotate,
);

function metadataVerb<S extends Spec>(
  field: Field,
  objectsOf: (spec: S) => readonly string[],
): VerbWork<S> {
  return {
    async preview(work) {
      const places = await chosen(work, objectsOf(work.spec));
      const lines: string[] = [];
      for (const place of places) {
        const now = (await work.cluster.get(place)).metadata[field] ?? {};
        await write(work, place, field, valuesOf(work.spec), { dryRun: true });
        for (const [key, value] of Object.entries(valuesOf(work.spec))) {
          if (now[key] === (value ?? undefined)) continue;
          lines.push(
            `${describePlace(place)}: ${key}: ${now[key] ?? 'none'} becomes ${value ?? 'none'}`,
          );
        }
      }
      return {
        text:
          lines.length === 0
            ? 'Everything is so already.'
            : `Changes ${field} of ${these(places)}.`,
        detail: lines.join('\n') || null,
        problem: null,
      };
    },

    async act(work) {
      const began = Date.now();
      const places = await chosen(work, objectsOf(work.spec));
      const wanted = valuesOf(work.spec);
      const earlier = new Map(
        (beforeSchema.nullable().parse(work.context.earlier()) ?? []).map((one) => [
          one.object,
          one,
        ]),
      );
      const before: z.output<typeof beforeSchema> = [];
      for (const place of places) {
        const object = await work.cluster.get(place);
        record(work, 'before', object);
        const now = object.metadata[field] ?? {};
        const first = earlier.get(textOf(place))?.values ?? {};
        const values = Object.entries(wanted).map(([key, value]) => {
          const is = now[key] ?? null;
          // What is so already may be an earlier try's doing.
          return [key, is === value ? (first[key] ?? is) : is];
        });
        before.push({ object: textOf(place), values: Object.fromEntries(values) });
        earlier.delete(textOf(place));
      }
      // What an earlier try changed so that the selector does not choose it any more.
      before.push(...earlier.values());
      work.context.keep(before);
      for (const place of places) {
        record(work, 'after', await write(work, place, field, wanted));
      }
      return {
        summary: `Changed ${field} of ${these(places)} in ${seconds(began)}.`,
        values: { count: places.length, name: places[0]?.name ?? '', namespace: work.namespace },
        before,
      };
    },

    async undo(work, before) {
      const left = valuesOf(work.spec);
      const changed: { place: Place; values: Values }[] = [];
      for (const { object, values } of beforeSchema.parse(before)) {
        // A value that was there before the step was not changed by it.
        const own = Object.entries(values).filter(([key, value]) => value !== (left[key] ?? null));
        if (own.length === 0) continue;
        const place = await work.cluster.place(object, work.namespace);
        changed.push({ place, values: Object.fromEntries(own) });
      }
      const written = await takeBackEach(
        changed,
        async ({ place, values }) => found(await work.cluster.get(place), field, values, left),
        ({ place, values }, { version }) => write(work, place, field, values, { version }),
      );
      return {
        summary:
          written.length === 0
            ? `Nothing to put back: the ${field} are as they were before.`
            : `Put the ${field} of ${these(written.map(({ place }) => place))} back.`,
        values: {},
      };
    },
  };
}

function found({ metadata }: KubeObject, field: Field, before: Values, left: Values): Found {
  const now = metadata[field] ?? {};
  const others: string[] = [];
  let isBack = true;
  for (const [key, value] of Object.entries(before)) {
    const is = now[key] ?? null;
    if (is === value) continue;
    isBack = false;
    if (is !== (left[key] ?? null)) others.push(fieldInWords(`${field}.${key}`, left[key], is));
  }
  return { version: metadata.resourceVersion, isBack, others };
}

async function chosen(work: Work<Spec>, texts: readonly string[]): Promise<Place[]> {
  const { spec } = work;
  const places = await placesOf(work, texts, spec.selector);
  if (places.length > 0) return places;
  throw new MusterError({
    code: 'kubernetes-nothing-chosen',
    what: `There is no ${texts.join(', ')}${spec.selector === undefined ? '' : ` with ${spec.selector}`} in the namespace ${work.namespace}.`,
    safe: 'Nothing was changed.',
    next: 'Check the selector and the namespace, then retry.',
  });
}

function valuesOf({ set, remove }: Spec): Values {
  return { ...set, ...Object.fromEntries(remove.map((key) => [key, null])) };
}

async function write(
  work: Work<unknown>,
  place: Place,
  field: Field,
  values: Values,
  /** `version`: of the object that was looked at; the server refuses where it is another by now. */
  how: { dryRun?: boolean; version?: string | undefined } = {},
): Promise<KubeObject> {
  const { dryRun = false, version } = how;
  const at = version === undefined ? {} : { resourceVersion: version };
  return work.cluster.patch(place, { metadata: { [field]: values, ...at } }, 'merge', {
    doing: `change ${field} of ${describePlace(place)}`,
    dryRun,
    isDone: ({ metadata }) =>
      Object.entries(values).every(([key, value]) => (metadata[field]?.[key] ?? null) === value),
  });
}

function textOf({ resource, name }: Place): string {
  return resource.group === ''
    ? `${resource.name}/${name}`
    : `${resource.name}.${resource.group}/${name}`;
}
