import { z } from 'zod';
import type { ActionKind, ActionName } from '../../core/actions/kind.ts';
import { type FaultSpec, partOf } from '../../core/actions/kinds/fault.ts';
import { MusterError } from '../../core/problem.ts';
import type { StepContext, StructuredKind } from './structured.ts';

const beforeSchema = z.object({ inner: z.unknown() });

/**
 * Breaks something in a drill by carrying out another kind's step; its undo mends it again.
 * `kindOf` gives what carries out a kind.
 */
export function faultWith(
  kind: ActionKind<FaultSpec>,
  kinds: readonly ActionKind[],
  kindOf: (name: ActionName) => StructuredKind<unknown>,
): StructuredKind<FaultSpec> {
  const part = (
    context: StepContext<FaultSpec>,
    which: unknown,
  ): { inner: StructuredKind<unknown>; context: StepContext<unknown> } => {
    const found = partOf(which, kinds);
    const schema = found?.kind.schemaFor(found.spec);
    // The fault's own schema has proven both.
    if (!found || schema === undefined || typeof schema === 'string') {
      throw new Error('A fault without a step');
    }
    return {
      inner: kindOf(found.kind.name),
      context: { ...context, spec: schema.parse(found.spec) },
    };
  };

  return {
    kind,
    async preview(context) {
      const { inner, context: own } = part(context, context.spec.inject);
      const preview = await inner.preview(own);
      return {
        ...preview,
        text: `Injects a fault. ${preview.text} It is mended by ${mendedBy(context.spec, kinds)}.`,
      };
    },
    async act(context) {
      // Only where a drill was started does anybody expect things to break.
      if (context.mode !== 'drill') throw new MusterError(notADrill(context.mode));
      const { inner, context: own } = part(context, context.spec.inject);
      const done = await inner.act({
        ...own,
        earlier: () => beforeSchema.nullable().parse(context.earlier())?.inner ?? null,
        keep: (before) => context.keep({ inner: before }),
      });
      return {
        summary: `Injected a fault: ${done.summary}`,
        values: {},
        before: { inner: done.before ?? null },
      };
    },
    async undo(context, before) {
      const { restore, inject } = context.spec;
      if (restore !== 'undo') {
        const { inner, context: own } = part(context, restore);
        return inner.act(own);
      }
      const { inner, context: own } = part(context, inject);
      if (!inner.undo) throw new Error(`${inner.kind.name} steps have no undo`);
      return inner.undo(own, beforeSchema.parse(before).inner);
    },
  };
}

function mendedBy({ restore }: FaultSpec, kinds: readonly ActionKind[]): string {
  if (restore === 'undo') return 'taking it back';
  const found = partOf(restore, kinds);
  return found ? `"${found.kind.describe(found.spec)}"` : 'its restore';
}

function notADrill(mode: string) {
  return {
    code: 'fault-outside-drill',
    what: `A fault is injected in a drill only, and this run is of the mode ${mode}.`,
    safe: 'Nothing was broken.',
    next: 'Start the runbook as a drill, or skip this step with a reason.',
  };
}
