import { mkdirSync } from 'node:fs';
import type { Spec } from '../../core/actions/kind.ts';
import { resolveSpec } from '../../core/actions/references.ts';
import { actionKindOf } from '../../core/actions/registry.ts';
import { MusterError, type Problem, toProblem } from '../../core/problem.ts';
import type { StructuredAction } from '../../core/runbook/model.ts';
import { actionTimedOut, actionUnfit, previewTimedOut, valueMissing } from '../failures.ts';
import type { OutputSink } from '../output.ts';
import type { ActContext, Acted, MachineKind, Released } from './kind.ts';
import { structuredKindOf } from './registry-structured.ts';
import type { Done, Preview, StepContext, StructuredKind } from './structured.ts';

type Context = ActContext<StructuredAction>;
/** What is needed of an attempt to build what its kind is given. */
type FrameContext = Omit<Context, 'sink'> & { sink: Pick<OutputSink, 'take' | 'evidence'> };

/** What a person who must decide may wait for, in ms. */
const PREVIEW_MS = 30_000;

/**
 * What this action would do if it ran now; nothing of it is recorded. Where it cannot be found out,
 * the problem says why, as it would where the step ran.
 */
export async function previewOf(context: Omit<Context, 'sink'>): Promise<Preview> {
  const limit = AbortSignal.timeout(PREVIEW_MS);
  const sink = { take: () => undefined, evidence: () => 0 };
  try {
    const frame = frameOf({ ...context, sink }, limit);
    return await frame.kind.preview(frame.context);
  } catch (error) {
    const { action, step } = context;
    const problem = limit.aborted ? previewTimedOut(step, PREVIEW_MS) : toProblem(error);
    const text = actionKindOf(action.language).describe(action.spec);
    return { text: `${text}.`, detail: null, problem };
  }
}

/** Carries out structured actions inside of Muster's own process: the same frame for every kind. */
export const structured: MachineKind<StructuredAction> = {
  async act(context) {
    return context.structured.mode === 'rehearsal'
      ? rehearsed(context, async (frame) => {
          const { text, detail, problem } = await frame.kind.preview(frame.context);
          frame.context.log(text);
          if (detail !== null) frame.context.log(detail);
          if (problem !== null) throw new MusterError(problem);
          return { summary: text, values: {} };
        })
      : carriedOut(context);
  },

  /** It ended with Muster; done again where that does no harm, else a person has to look. */
  recover({ action, structured: { mode } }) {
    const kind = actionKindOf(action.language);
    const isHarmless = kind.effect(action.spec) === 'reads' || kind.repeatable(action.spec);
    return isHarmless || mode === 'rehearsal'
      ? { kind: 'interrupted' }
      : { kind: 'lost', why: 'Muster ended while it was being carried out.' };
  },
};

interface Frame {
  kind: StructuredKind<unknown>;
  context: StepContext<unknown>;
}

async function carriedOut(context: Context): Promise<Acted | Released> {
  const limit =
    context.step.timeoutMs === null ? null : AbortSignal.timeout(context.step.timeoutMs);
  const began = performance.now();
  let kept: unknown;
  const end = (rest: Omit<Acted, 'exitCode' | 'signal' | 'durationMs'>): Acted => ({
    exitCode: null,
    signal: null,
    durationMs: performance.now() - began,
    ...rest,
    ...keepBefore(context, kept),
  });
  try {
    const { before, hide, keep } = context.structured;
    const frame = frameOf(context, limit, (found) => {
      kept = hide(found);
      keep(kept);
    });
    const done = before
      ? await (frame.kind.undo ?? nothingToUndo)(frame.context, before())
      : await frame.kind.act(frame.context);
    if (done.before !== undefined) kept = hide(done.before);
    const { verdict } = done;
    const problem = verdict === 'unhealthy' ? unhealthy(context, done.summary) : null;
    frame.context.log(done.summary);
    return end({
      outcome: problem === null ? 'succeeded' : 'failed',
      problem,
      summary: done.summary,
      values: done.values,
      ...(verdict === undefined ? {} : { verdict }),
    });
  } catch (error) {
    if (context.cancel.aborted) return end({ outcome: 'cancelled', problem: null });
    if (limit?.aborted && context.step.timeoutMs !== null) {
      const detail = error instanceof MusterError ? error.problem : null;
      const problem = actionTimedOut(context.step, context.step.timeoutMs, detail);
      return end({ outcome: 'timed-out', problem });
    }
    if (context.release.aborted) return { kind: 'released' };
    return end({ outcome: 'failed', problem: toProblem(error) });
  }
}

async function rehearsed(
  context: Context,
  show: (frame: Frame) => Promise<Done>,
): Promise<Acted | Released> {
  const began = performance.now();
  const limit =
    context.step.timeoutMs === null ? null : AbortSignal.timeout(context.step.timeoutMs);
  const kind = actionKindOf(context.action.language);
  const end = (problem: Problem | null, summary: string): Acted => ({
    outcome: problem === null ? 'succeeded' : 'failed',
    exitCode: null,
    signal: null,
    durationMs: performance.now() - began,
    problem,
    summary,
    rehearsed: true,
  });
  try {
    const done = await show(frameOf(context, limit));
    return end(null, done.summary);
  } catch (error) {
    if (context.release.aborted) return { kind: 'released' };
    const problem = toProblem(error);
    const summary = kind.describe(context.action.spec);
    // Captures are known in a real run alone, so what needs one can only be described.
    if (problem.code !== 'value-missing') return end(problem, summary);
    logTo(context)(`${summary}. ${problem.what}`);
    return end(null, summary);
  }
}

/** Resolves and checks the body, and builds what the kind is given. Throws MusterError. */
function frameOf(
  context: FrameContext,
  limit: AbortSignal | null,
  keep: (before: unknown) => void = () => {},
): Frame {
  const { action, step, structured: help } = context;
  const kind = structuredKindOf(action.language);
  const resolved = resolveSpec(kind.kind, action.spec, help.values);
  if (!resolved.ok) throw new MusterError(valueMissing(step, resolved.missing));
  const raw = resolved.value as Spec;
  const schema = kind.kind.schemaFor(raw);
  if (typeof schema === 'string') throw new MusterError(actionUnfit(step, schema));
  const spec = schema.safeParse(raw);
  if (!spec.success) {
    const [issue] = spec.error.issues;
    const at = issue?.path.join('.') ?? '';
    throw new MusterError(actionUnfit(step, `"${at}": ${issue?.message ?? 'not possible'}`));
  }
  mkdirSync(context.dir, { recursive: true, mode: 0o700 });
  return {
    kind,
    context: {
      run: context.run,
      mode: help.mode,
      home: help.home,
      step,
      attempt: context.attempt,
      spec: spec.data,
      signal: AbortSignal.any([context.cancel, context.release, ...(limit ? [limit] : [])]),
      dir: context.dir,
      cwd: context.cwd,
      env: context.env,
      log: logTo(context),
      progress: help.progress,
      evidence: (evidence) => {
        context.sink.evidence(evidence);
      },
      target: (role) => help.target(role ?? action.role),
      notify: help.notify,
      secret: help.secret,
      holdsSecret: help.holdsSecret,
      earlier: help.earlier,
      keep,
    },
  };
}

function logTo({ sink }: Pick<FrameContext, 'sink'>): (line: string) => void {
  return (line) => sink.take([{ stream: 'out', raw: Buffer.from(`${line}\n`) }]);
}

/** What undoing needs lies with the evidence, where its hash is vouched for. */
function keepBefore({ sink }: Context, before: unknown): { before?: number } {
  if (before === undefined) return {};
  const name = 'What undoing needs to know';
  const content = JSON.stringify(before);
  return { before: sink.evidence({ name, mediaType: 'application/json', content }) };
}

async function nothingToUndo({ step }: StepContext<unknown>): Promise<Done> {
  throw new MusterError(actionUnfit(step, 'Muster cannot take it back by itself'));
}

function unhealthy({ step }: Context, summary: string): Problem {
  return {
    code: 'check-unhealthy',
    what: `"${step.title}" found it unhealthy: ${summary}`,
    safe: 'The check changed nothing. Later steps have not run.',
    next: 'Mend the cause, then retry the check, or skip it with a reason.',
  };
}
