import { z } from 'zod';
import type { Risk } from '../../runbook/model.ts';
import type { ActionKind, ActionName, Spec } from '../kind.ts';

const one = z.record(z.string(), z.record(z.string(), z.unknown()));

const outline = z.strictObject({
  inject: one.describe('What breaks something: the name of a kind of step and its body.'),
  restore: z
    .union([z.literal('undo'), one])
    .describe(
      'What mends it again: undo, where the kind can take it back by itself, or a kind and its body.',
    ),
  because: z.string().min(1).optional().describe('What the drill wants to see, for who watches.'),
});
export type FaultSpec = z.infer<typeof outline>;

const ORDER: readonly Risk[] = ['safe', 'disruptive', 'destructive'];

/** The one kind that a part of a fault names, and its body; null where it is not one of `kinds`. */
export function partOf(
  part: unknown,
  kinds: readonly ActionKind[],
): { kind: ActionKind; spec: Spec } | null {
  const parsed = one.safeParse(part);
  const [entry, ...more] = Object.entries(parsed.success ? parsed.data : {});
  if (entry === undefined || more.length > 0) return null;
  const kind = kinds.find(({ name }) => name === entry[0]);
  return kind ? { kind, spec: entry[1] } : null;
}

/**
 * A fault that a drill injects, made of another kind's step and of what mends it again. `kinds` are
 * those that a fault can be made of; kinds whose text has a quoting of its own cannot stand inside.
 */
export function faultOf(all: readonly ActionKind[]): ActionKind<FaultSpec> {
  const kinds = all.filter(({ body, keeps }) => body === 'yaml' && keeps === undefined);
  const inner = (spec: Spec) => partOf(spec.inject, kinds);
  const names = (): ActionName[] => kinds.map(({ name }) => name);

  const checkPart = (part: unknown, path: 'inject' | 'restore', context: z.RefinementCtx): void => {
    const found = partOf(part, kinds);
    if (found === null) {
      const message = `needs exactly one of ${names().join(', ')}`;
      context.addIssue({ code: 'custom', path: [path], message });
      return;
    }
    const schema = found.kind.schemaFor(found.spec);
    if (typeof schema === 'string') {
      context.addIssue({ code: 'custom', path: [path], message: schema });
      return;
    }
    for (const issue of schema.safeParse(found.spec).error?.issues ?? []) {
      context.addIssue({
        code: 'custom',
        path: [path, found.kind.name, ...issue.path],
        message: issue.message,
      });
    }
  };

  const schema = outline.superRefine((spec, context) => {
    checkPart(spec.inject, 'inject', context);
    if (spec.restore !== 'undo') {
      checkPart(spec.restore, 'restore', context);
      return;
    }
    const found = inner(spec);
    if (found && !found.kind.undoable(found.spec)) {
      const message = `cannot be undo: a ${found.kind.name} step of this form cannot be taken back`;
      context.addIssue({ code: 'custom', path: ['restore'], message });
    }
  });

  return {
    name: 'fault',
    summary: 'Breaks something on purpose, in a drill only, and knows how to mend it again.',
    body: 'yaml',
    schemaFor: () => schema,
    describe: (spec) => {
      const found = inner(spec);
      return `Inject a fault: ${found ? found.kind.describe(found.spec) : 'unknown'}`;
    },
    effect: () => 'changes',
    repeatable: (spec) => inner(spec)?.kind.repeatable(inner(spec)?.spec ?? {}) ?? false,
    risk: (spec) => {
      const found = inner(spec);
      const own = found ? found.kind.risk(found.spec) : 'destructive';
      // A fault is never safe, whatever its parts are by themselves.
      return ORDER.indexOf(own) > 1 ? own : 'disruptive';
    },
    results: {},
    uses: [],
    undoable: () => true,
    examples: [
      'inject:\n  http: {url: "https://orders.example.com/chaos/on", method: POST}\nrestore:\n  http: {url: "https://orders.example.com/chaos/off", method: POST}\nbecause: The standby must take over within a minute',
    ],
  };
}
