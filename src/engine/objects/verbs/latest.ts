import {
  type Candidate,
  type Choice,
  chooseLatest,
  named,
} from '../../../core/objects/choose-latest.ts';
import { basisWords, type TimeBasis } from '../../../core/objects/object-time.ts';
import { formatBytes, formatDuration, parseDuration } from '../../../core/units.ts';
import { failure, objectChanged } from '../failures.ts';
import { SHA256_METADATA } from '../integrity.ts';
import { versionUri } from '../prune.ts';
import type { ObjectEntry, ObjectStore } from '../store.ts';
import { basisOf, tellerFor } from './basis.ts';
import { entriesOf, placeOf, type Verb, type VerbContext, valuesOf } from './verb.ts';

/** Candidates in the output, and in the evidence. */
const LINES = 10;
const EVIDENCE_LINES = 200;

export const latest: Verb<'latest'> = {
  async preview({ spec, signal, ...context }, store) {
    const choice = await choose({ ...context, spec, signal }, store);
    if (choice.chosen === null) throw nothingFits(spec.latest, choice);
    return {
      text: `Chooses the newest object of ${spec.latest} by ${basisWords(basisOf(spec))}. Now that is ${versionUri(choice.chosen.object)}.`,
      detail: choice.candidates.slice(0, LINES).map(lineOf).join('\n'),
    };
  },
  async act(context, store) {
    const { spec, signal, log, evidence } = context;
    const basis = basisOf(spec);
    const choice = await choose(context, store);
    const { chosen, candidates } = choice;
    for (const candidate of candidates.slice(0, LINES)) log(lineOf(candidate));
    if (candidates.length > LINES) log(`and ${candidates.length - LINES} older ones`);
    evidence({
      name: `candidates in ${spec.latest}`,
      mediaType: 'text/plain',
      content: candidates.slice(0, EVIDENCE_LINES).map(lineOf).join('\n'),
    });
    if (chosen?.time == null) throw nothingFits(spec.latest, choice);
    const why = whyThisOne(choice, basis);
    log(why);
    const { object } = chosen;
    const head = await store.head({ ...object, signal });
    if (head === null || (object.etag !== null && head.etag !== object.etag)) {
      throw objectChanged(versionUri(object));
    }
    const sha256 = head.metadata[SHA256_METADATA] ?? null;
    return {
      // The listing's time is finer than that of the object's head.
      summary: `Chose ${versionUri(head)}, ${formatBytes(head.size)}. ${why}`,
      values: valuesOf({ ...head, modified: object.modified }, { time: chosen.time, sha256 }),
    };
  },
};

async function choose(
  { spec, signal }: Pick<VerbContext<'latest'>, 'spec' | 'signal'>,
  store: ObjectStore,
): Promise<Choice<ObjectEntry>> {
  const place = placeOf(spec.latest);
  const prefix = place.key;
  const all = await entriesOf(store, place, spec.versions === true, signal);
  const objects = named(all, prefix, spec);
  const timeOf = await tellerFor(store, basisOf(spec), prefix, objects, signal);
  const maxAge = parseDuration(spec['max-age'] ?? '') ?? undefined;
  const { pattern, suffix, 'min-size': minSize } = spec;
  return chooseLatest(objects, {
    prefix,
    pattern,
    suffix,
    minSize,
    maxAge,
    timeOf,
    now: new Date(),
  });
}

function lineOf({ object, time, skipped }: Candidate<ObjectEntry>): string {
  const when = time?.toISOString() ?? 'no time';
  const verdict = skipped === null ? 'counts' : `passed over: ${skipped}`;
  return `${when}  ${formatBytes(object.size)}  ${versionUri(object)}  ${verdict}`;
}

function whyThisOne({ chosen, candidates }: Choice<ObjectEntry>, basis: TimeBasis): string {
  const counting = candidates.filter(({ skipped }) => skipped === null);
  const next = counting[1];
  const lead =
    next?.time == null || chosen?.time == null
      ? 'it is the only one that counts'
      : `by ${basisWords(basis)} it is the newest of ${counting.length} that count, ${formatDuration(chosen.time.getTime() - next.time.getTime())} before the next`;
  const passed = candidates.length - counting.length;
  return `This one, because ${lead}; ${passed} of ${candidates.length} were passed over.`;
}

function nothingFits(uri: string, { candidates }: Choice<ObjectEntry>) {
  const newest = candidates[0];
  return failure(
    'no-object-fits',
    newest === undefined
      ? `Nothing in ${uri} has such a name.`
      : `None of ${candidates.length} objects in ${uri} counts. Of the newest, ${newest.object.key}: ${newest.skipped}.`,
    'Nothing was changed.',
    'Read the candidates in the output; then correct the step, or find out why no backup was made.',
    { detail: candidates.slice(0, LINES).map(lineOf).join('\n') },
  );
}
