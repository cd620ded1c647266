import {
  type KubernetesSpec,
  kubernetes as kind,
  kubernetesVerbOf,
} from '../../core/actions/kinds/kubernetes.ts';
import { MusterError } from '../../core/problem.ts';
import type { VerbWork, Work } from '../kubernetes/verbs/work.ts';
import type { StepContext, StructuredKind } from './structured.ts';

/** `kubernetes` fences: each verb is carried out by its file in `src/engine/kubernetes/verbs/`. */
export const kubernetes: StructuredKind<KubernetesSpec> = {
  kind,

  async preview(context) {
    try {
      const { verb, work } = await open(context);
      return await verb.preview(work);
    } catch (error) {
      if (!(error instanceof MusterError)) throw error;
      const text = `${kind.describe({ ...context.spec })}.`;
      return { text, detail: null, problem: error.problem };
    }
  },

  async act(context) {
    const { verb, work } = await open(context);
    return verb.act(work);
  },

  async undo(context, before) {
    const { verb, work } = await open(context);
    if (!verb.undo) throw new Error('This verb has no undo');
    return verb.undo(work, before);
  },
};

/** Loads the verbs when a step first needs them, to keep the start of Muster short. */
async function open(
  context: StepContext<KubernetesSpec>,
): Promise<{ verb: VerbWork<KubernetesSpec>; work: Work<KubernetesSpec> }> {
  const [{ verbWorks }, { openWork }] = await Promise.all([
    import('../kubernetes/verbs/verbs.ts'),
    import('../kubernetes/verbs/work.ts'),
  ]);
  const name = kubernetesVerbOf({ ...context.spec });
  if (name === null) throw new Error('The body has no verb, or several');
  const { namespace } = { namespace: undefined, ...context.spec };
  const work = await openWork(context, { ...context.spec, namespace });
  // The body was made by the schema of this very verb.
  const verb = verbWorks[name] as unknown as VerbWork<KubernetesSpec>;
  return { verb, work: { ...work, spec: context.spec } };
}
