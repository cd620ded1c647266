import { s3 as kind } from '../../core/actions/kinds/s3.ts';
import {
  type S3Spec,
  type S3Specs,
  type S3Verb,
  verbs,
} from '../../core/actions/kinds/s3-schema.ts';
import { toProblem } from '../../core/problem.ts';
import { failure } from '../objects/failures.ts';
import { copy } from '../objects/verbs/copy.ts';
import { download } from '../objects/verbs/download.ts';
import { head } from '../objects/verbs/head.ts';
import { latest } from '../objects/verbs/latest.ts';
import { list } from '../objects/verbs/list.ts';
import { prune } from '../objects/verbs/prune.ts';
import { upload } from '../objects/verbs/upload.ts';
import type { Verb } from '../objects/verbs/verb.ts';
import { verify } from '../objects/verbs/verify.ts';
import type { Done, StepContext, StructuredKind } from './structured.ts';

const implementations: { [V in S3Verb]: Verb<V> } = {
  list,
  head,
  latest,
  download,
  upload,
  copy,
  verify,
  prune,
};

/** A mapping has one verb: its schema was chosen by it. */
function verbOf<V extends S3Verb>(spec: S3Spec): Verb<V> {
  const name = Object.keys(verbs).find((verb) => Object.hasOwn(spec, verb));
  return implementations[name as V];
}

/** The context as the verb takes it: the mapping is the one that its schema made. */
function contextFor<V extends S3Verb>(context: StepContext<S3Spec>): StepContext<S3Specs[V]> {
  return context as StepContext<S3Specs[V]>;
}

export const s3: StructuredKind<S3Spec> = {
  kind,
  async preview(context) {
    try {
      const store = await context.target().objectStore();
      const { text, detail } = await verbOf(context.spec).preview(contextFor(context), store);
      return { text, detail: detail ?? null, problem: null };
    } catch (error) {
      context.signal.throwIfAborted();
      const text = `${kind.describe({ ...context.spec })}.`;
      return { text, detail: null, problem: toProblem(error) };
    }
  },
  async act(context): Promise<Done> {
    const store = await context.target().objectStore();
    return verbOf(context.spec).act(contextFor(context), store);
  },
  async undo(context, before): Promise<Done> {
    const store = await context.target().objectStore();
    const verb = verbOf(context.spec);
    if (verb.undo === undefined) {
      throw failure(
        'cannot-undo',
        'This step has no way back.',
        'Nothing was changed.',
        'Take it back by hand, or skip the undo with a reason.',
      );
    }
    return verb.undo(contextFor(context), store, before);
  },
};
