import type { z } from 'zod';
import type { Risk } from '../runbook/model.ts';

/** The fences whose body is data: what Muster does itself, without a shell. */
export const actionNames = [
  'kubernetes',
  's3',
  'postgres',
  'sql',
  'redis',
  'http',
  'prometheus',
  'tcp',
  'tls',
  'check',
  'wait',
  'notify',
  'fault',
] as const;
export type ActionName = (typeof actionNames)[number];

/** A mapping as YAML or attributes give it. */
export type Spec = Record<string, unknown>;

/**
 * What a kind of structured action is, without a platform: its fence, its schema and what can be
 * said of it before it runs. How it is carried out stands in `src/engine/steps/` under the same
 * name. Reading, lint, the form of a step, the report and the documentation follow from this.
 */
export interface ActionKind<S = unknown> {
  /** The fence's language. */
  name: ActionName;
  /** One sentence for the documentation. */
  summary: string;
  /**
   * `yaml`: the fence holds a mapping. Otherwise the fence holds a text, such as a query; it
   * becomes the value of `key`, and the `attributes` named here are taken from the fence's braces.
   */
  body: 'yaml' | { key: string; attributes: readonly string[] };
  /**
   * Where texts keep their references, because their language has a quoting of its own, such as SQL:
   * `checks.*.query`, a star for any entry of a list. The values come beside them under `values`.
   */
  keeps?: readonly string[];
  /**
   * The schema of a mapping, chosen by its verb where the kind has several; a text is what is
   * wrong with the choice. Schemas are strict, so that a misspelt key is found.
   */
  schemaFor(spec: Spec): z.ZodType<S> | string;
  /**
   * What can be said of a mapping as it is written, its `${NAME}` references unresolved and its
   * values unchecked. `describe`: one line in plain words, "Scale deployment/orders to 0".
   */
  describe(spec: Spec): string;
  /** `reads`: it changes nothing, so it may be done again at any time. */
  effect(spec: Spec): 'reads' | 'changes';
  /** A change that may be done twice with the same result, such as setting a number. */
  repeatable(spec: Spec): boolean;
  /** The harm it can do where the runbook does not say. */
  risk(spec: Spec): Risk;
  /**
   * Values that `capture:` can take from its result, by name, with what they are and their unit.
   * `*` says what other names may be, where they are known only when it runs.
   */
  results: Readonly<Record<string, string>>;
  /** What of a target it uses; empty for none. */
  uses: readonly ('kubernetes' | 'store' | 'database')[];
  /** True where the engine can take the change back by itself (`undo=auto`). */
  undoable(spec: Spec): boolean;
  /** Examples of fences, for the documentation and its test; each must read without a finding. */
  examples: readonly string[];
}

/**
 * Chooses the schema by the one key that is a verb:
 * `oneVerb({scale: scaleSchema, restart: restartSchema})`.
 */
export function oneVerb<T extends Record<string, z.ZodType>>(
  schemas: T,
): (spec: Spec) => z.ZodType<z.output<T[keyof T]>> | string {
  const verbs = Object.keys(schemas);
  return (spec) => {
    const found = verbs.filter((verb) => Object.hasOwn(spec, verb));
    // Whichever it is, what it makes is among what they all make.
    const schema = schemas[found[0] ?? ''] as z.ZodType<z.output<T[keyof T]>> | undefined;
    if (schema !== undefined && found.length === 1) return schema;
    return found.length > 1
      ? `It says to do several things at once: ${found.join(', ')}. Keep one.`
      : `It does not say what to do. Write one of ${verbs.join(', ')}.`;
  };
}
