import type { z } from 'zod';
import type { Risk } from '../../../runbook/model.ts';
import type { Spec } from '../../kind.ts';

/** One verb of a `kubernetes` fence: its schema and what can be said of it before it runs. */
export interface Verb<S extends z.ZodType = z.ZodType> {
  schema: S;
  describe(spec: Spec): string;
  effect: 'reads' | 'changes' | ((spec: Spec) => 'reads' | 'changes');
  /** True where doing it twice comes to the same. */
  repeatable: boolean | ((spec: Spec) => boolean);
  risk: Risk | ((spec: Spec) => Risk);
  undoable: boolean;
  examples: readonly string[];
}

/** Keeps the type of the schema. */
export function verb<S extends z.ZodType>(described: Verb<S>): Verb<S> {
  return described;
}
