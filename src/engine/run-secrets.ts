import { secretProblem } from '../core/ledger/redact.ts';
import { MusterError } from '../core/problem.ts';
import { everyStep } from '../core/run/specs.ts';
import type { InputSpec, Runbook } from '../core/runbook/model.ts';
import { resolveSecret, type SecretContext } from './credentials/resolve-secret.ts';

/** The inputs of the runbook and of those that it calls. */
export function allInputs(runbook: Runbook): InputSpec[] {
  return [...runbook.inputs, ...Object.values(runbook.called).flatMap(({ inputs }) => inputs)];
}

/** What the record shows of secrets: where they are read from. */
export function secretReferences(runbook: Runbook): Record<string, string> {
  return Object.fromEntries(
    runbook.inputs.flatMap(({ name, secret }) => (secret === null ? [] : [[name, secret]])),
  );
}

/** Every reference to a secret, with the input that it is for; a call may hand on one of its own. */
function allReferences(runbook: Runbook): (readonly [name: string, reference: string])[] {
  const own = allInputs(runbook).flatMap(({ name, secret }) =>
    secret === null ? [] : [[name, secret] as const],
  );
  const handedOn = everyStep(runbook).flatMap(({ id, action }) => {
    if (action?.kind !== 'call') return [];
    return (runbook.called[id]?.inputs ?? []).flatMap(({ name, type }) => {
      const given = type === 'secret' ? action.inputs[name] : undefined;
      const isReference = typeof given === 'string' && /^[a-z]+:/.test(given);
      return isReference ? [[name, given] as const] : [];
    });
  });
  return [...own, ...handedOn];
}

/** The values behind the references of all secret inputs, by reference. */
export async function readSecrets(
  runbook: Runbook,
  context: SecretContext,
): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  for (const [name, secret] of allReferences(runbook)) {
    if (secrets.has(secret)) continue;
    const value = await resolveSecret(secret, context);
    const problem = secretProblem(name, value);
    if (problem) throw new MusterError(problem);
    secrets.set(secret, value);
  }
  return secrets;
}

/** For a note on a run that nobody drives: what cannot be read here cannot be in the note's reach. */
export async function readableSecrets(runbook: Runbook, context: SecretContext): Promise<string[]> {
  const values: string[] = [];
  for (const [, secret] of allReferences(runbook)) {
    try {
      values.push(await resolveSecret(secret, context));
    } catch {
      // See above.
    }
  }
  return values.filter((value) => secretProblem('', value) === null);
}
