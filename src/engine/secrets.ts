import { readFileSync } from 'node:fs';
import { MusterError } from '../core/problem.ts';

/**
 * The value behind a secret's reference: `env:NAME` or `file:/path` (a final line break is not part
 * of it). Values stay in this process and in the environment of the steps; everything else sees
 * the reference.
 */
export function resolveSecret(reference: string, env: NodeJS.ProcessEnv): string {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.+)$/s.exec(reference) ?? [];
  if (scheme === 'env') {
    const value = env[rest];
    if (value) return value;
    throw unresolved(reference, `the variable ${rest} is not set`, `Set ${rest} and start again.`);
  }
  if (scheme === 'file') {
    try {
      const value = readFileSync(rest, 'utf8').replace(/\r?\n$/, '');
      if (value) return value;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw unresolved(reference, why, `Make ${rest} readable for you and start again.`);
    }
    throw unresolved(
      reference,
      'the file is empty',
      `Put the secret into ${rest} and start again.`,
    );
  }
  throw unresolved(
    reference,
    'this version reads env: and file: references only',
    'Change the reference in the runbook.',
  );
}

function unresolved(reference: string, why: string, next: string): MusterError {
  return new MusterError({
    code: 'secret-unresolved',
    what: `The secret ${reference} cannot be read: ${why}.`,
    safe: 'No step has run with it.',
    next,
  });
}
