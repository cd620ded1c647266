import { randomBytes } from 'node:crypto';
import { resolveReferences } from '../core/actions/references.ts';
import { createHider } from '../core/ledger/hidden-values.ts';
import { createRedactor } from '../core/ledger/redact.ts';
import { redactProblem } from '../core/ledger/redact-problem.ts';
import type { Problem } from '../core/problem.ts';
import type { Value } from '../core/run/events.ts';
import { specOf } from '../core/run/specs.ts';
import type { RunState } from '../core/run/state.ts';
import { baseId, scopeOf } from '../core/run/step-ids.ts';
import { variablesOf } from '../core/run/values.ts';
import { resolveInputs } from '../core/runbook/inputs.ts';
import type { InputSpec, Runbook } from '../core/runbook/model.ts';
import { knownSecrets } from './credentials/known-secrets.ts';
import { asVariables } from './environment.ts';
import type { BoundTarget } from './targets/bound.ts';

/** What a run's steps are given, and what of it must not be seen. */
export interface RunValues {
  /** Inputs, captures, answers and items that a step finds, by the names of variables; with secrets. */
  of(state: RunState, step: string): Record<string, Value>;
  /** The environment of a step's commands, or of a terminal beside the run (no step). */
  environment(state: RunState, step: string): Record<string, string>;
  /** All secret values that a step, or a connection of this process, may have got so far. */
  secrets(): readonly string[];
  /** A text without them. */
  redact(text: string): string;
  redactProblem(problem: Problem): Problem;
  /** A JSON value without them; see `createHider`. */
  hide(value: unknown): unknown;
  /** The inputs of the runbook that a step calls, as the record may show them. */
  ofCall(
    state: RunState,
    step: string,
  ): { ok: true; values: Record<string, Value> } | { ok: false; why: string };
  /** The target with this role; the main one for null. Throws MusterError. */
  target(role: string | null): BoundTarget;
  /** Before a shell begins: who answers where its environment leads. See `TargetBinding`. */
  proveShell(): Promise<Problem[]>;
  /** The value behind a reference; from then on it is among the secrets. Throws MusterError. */
  secret(reference: string): Promise<string>;
}

export function createRunValues(options: {
  run: string;
  runbook: Runbook;
  /** Values by their references, of all inputs that are secrets. */
  secrets: ReadonlyMap<string, string>;
  /** The parent's environment as far as a step may see it, and what a range or target adds. */
  environment: Readonly<Record<string, string>>;
  /** Secret values in `environment`. */
  environmentSecrets: readonly string[];
  resolve(reference: string): Promise<string>;
  target(role: string | null): BoundTarget;
  proveShell(): Promise<Problem[]>;
}): RunValues {
  const { run, runbook } = options;
  const own = new Set([...options.secrets.values(), ...options.environmentSecrets]);
  let others: readonly string[] | null = null;
  let list: readonly string[] = [];
  let redactor = createRedactor(list);
  const secrets = (): readonly string[] => {
    if (others === knownSecrets.all()) return list;
    others = knownSecrets.all();
    list = [...new Set([...own, ...others])];
    redactor = createRedactor(list);
    return list;
  };
  const redact = (text: string): string => {
    secrets();
    return redactor.text(text);
  };

  const inputsOf = (scope: string): readonly InputSpec[] =>
    scope === '' ? runbook.inputs : (runbook.called[baseId(scope)]?.inputs ?? []);

  const of = (state: RunState, step: string): Record<string, Value> => {
    const values = variablesOf(state, step);
    for (const { name, type } of inputsOf(scopeOf(step))) {
      const secret = type === 'secret' ? options.secrets.get(String(values[name])) : undefined;
      if (secret !== undefined) values[name] = secret;
    }
    return values;
  };

  return {
    of,
    environment: (state, step) => ({
      ...options.environment,
      ...asVariables(of(state, step)),
      MUSTER_RUN: run,
      ...(step === '' ? {} : { MUSTER_STEP: step }),
    }),
    secrets,
    redact,
    redactProblem: (problem) => redactProblem(problem, redact),
    hide: createHider(redact, () => randomBytes(8).toString('hex')),
    ofCall(state, step) {
      const { action, id } = specOf(runbook, step) ?? {};
      const called = id === undefined ? undefined : runbook.called[id];
      if (action?.kind !== 'call' || !called) return { ok: false, why: 'its file was not read.' };
      // By reference: what is recorded must not show a secret.
      const given = resolveReferences(action.inputs, variablesOf(state, step));
      if (!given.ok) return { ok: false, why: `${given.missing} has no value.` };
      const plain = called.inputs.filter(({ type }) => type !== 'secret').map(({ name }) => name);
      const resolved = resolveInputs(
        called.inputs,
        Object.fromEntries(
          Object.entries(given.value as Record<string, Value>).filter(
            ([name]) => plain.includes(name) || !called.inputs.some((spec) => spec.name === name),
          ),
        ),
      );
      if (!resolved.ok) {
        const [first] = resolved.problems;
        return { ok: false, why: `${first?.name}: ${first?.message}` };
      }
      return {
        ok: true,
        values: { ...resolved.values, ...referencesOf(called.inputs, given.value) },
      };
    },
    target: options.target,
    proveShell: options.proveShell,
    async secret(reference) {
      const value = await options.resolve(reference);
      if (!own.has(value)) {
        own.add(value);
        others = null;
      }
      return value;
    },
  };
}

/** Secret inputs by reference: the caller's where it hands one on, else the runbook's own. */
function referencesOf(inputs: readonly InputSpec[], given: unknown): Record<string, string> {
  const own = typeof given === 'object' && given !== null ? given : {};
  return Object.fromEntries(
    inputs.flatMap(({ name, secret }) => {
      if (secret === null) return [];
      const handed: unknown = Reflect.get(own, name);
      return [[name, typeof handed === 'string' ? handed : secret]];
    }),
  );
}
