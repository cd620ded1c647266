import { MusterError, type Problem } from '../../core/problem.ts';

/**
 * Every way in which a secret cannot be had. The words name references, files and programs; no value
 * and nothing that a program printed is ever among them.
 */

const unsent = 'Nothing has run with it.';

function failure(code: string, what: string, next: string, safe = unsent): MusterError {
  return new MusterError({ code, what, safe, next });
}

export function referenceInvalid(reference: string, why: string): MusterError {
  return failure(
    'secret-reference-invalid',
    `"${reference}" refers to no secret: ${why}.`,
    'Write it as vault:NAME, env:NAME, file:PATH, kubernetes:NAMESPACE/SECRET/KEY or command:PROGRAM.',
  );
}

export function variableUnset(reference: string, name: string): MusterError {
  return failure(
    'secret-unset',
    `The secret ${reference} cannot be read: the variable ${name} is not set.`,
    `Set ${name} and start again.`,
  );
}

export function fileUnreadable(reference: string, path: string, why: string): MusterError {
  return failure(
    'secret-file-unreadable',
    `The secret ${reference} cannot be read: ${why}.`,
    `Make ${path} a file that you can read, and start again.`,
  );
}

export function secretEmpty(reference: string): MusterError {
  return failure(
    'secret-empty',
    `The secret ${reference} is empty.`,
    'Put the secret where the reference leads, and start again.',
  );
}

export function noCluster(reference: string): MusterError {
  return failure(
    'secret-without-cluster',
    `The secret ${reference} lies in a cluster, and no target with a cluster is bound here.`,
    'Bind a target that has one, or keep the secret elsewhere.',
  );
}

export function commandsNotAllowed(reference: string): MusterError {
  return failure(
    'secret-command-not-allowed',
    `The secret ${reference} comes from a program, and none may be started here.`,
    'Start or resume the run, where it may.',
  );
}

export function commandMissing(reference: string, program: string): MusterError {
  return failure(
    'secret-command-missing',
    `The secret ${reference} cannot be read: there is no program "${program}".`,
    `Install ${program}, or write its whole path in the reference.`,
  );
}

export function commandFailed(reference: string, program: string, how: string): MusterError {
  return failure(
    'secret-command-failed',
    `The secret ${reference} cannot be read: ${program} ${how}.`,
    'Run it in a terminal to see what it says; you may have to sign in first.',
  );
}

export function commandTimedOut(reference: string, program: string, ms: number): MusterError {
  return failure(
    'secret-command-timed-out',
    `The secret ${reference} cannot be read: ${program} gave no answer within ${ms / 1000} s and was ended.`,
    'Run it in a terminal to see what it waits for; you may have to sign in first.',
  );
}

export function vaultMissing(): MusterError {
  return failure(
    'vault-missing',
    'There is no vault yet.',
    'Make one under "Vault" in Find anything, or with: muster vault create',
    'Nothing was changed.',
  );
}

export function vaultExists(): MusterError {
  return failure(
    'vault-exists',
    'There is a vault already.',
    'Open it with: muster vault unlock',
    'It stays as it is.',
  );
}

export function vaultLocked(): MusterError {
  return failure(
    'vault-locked',
    'The vault is locked.',
    'Unlock it under "Vault" in Find anything, or in a terminal with: muster vault unlock',
    'What is in it stays as it is.',
  );
}

export function passphraseWrong(): MusterError {
  return failure(
    'vault-passphrase-wrong',
    'This is not the passphrase of the vault.',
    'Try again. Without the passphrase nobody can open the vault.',
    'The vault stays locked and as it is.',
  );
}

export function passphraseTooShort(least: number): MusterError {
  return failure(
    'vault-passphrase-short',
    `A passphrase has at least ${least} characters.`,
    'Choose a longer one, such as five words.',
    'Nothing was changed.',
  );
}

export function entryNameInvalid(): MusterError {
  return failure(
    'vault-entry-name',
    'This is no name for an entry of the vault.',
    'Write NAME or NAME/KEY with letters, digits, dots, hyphens and underscores.',
    'Nothing was changed.',
  );
}

export function entryMissing(entry: string): MusterError {
  return failure(
    'vault-entry-missing',
    `The vault has no entry "${entry}".`,
    `Put it in under "Vault" in Find anything, or with: muster vault set ${entry}`,
  );
}

export function entryDamaged(entry: string): MusterError {
  return failure(
    'vault-entry-damaged',
    `The entry "${entry}" of the vault cannot be decrypted; it was changed outside of Muster.`,
    `Set it anew with: muster vault set ${entry}`,
    'Other entries are not affected, and the entry is left as it is.',
  );
}

export function vaultDamaged(file: string, why: string): MusterError {
  return new MusterError({
    code: 'vault-damaged',
    what: `The vault ${file} cannot be read: ${why}.`,
    safe: 'The file is left exactly as it is; Muster does not write over a vault that it cannot read.',
    next: 'Put a copy from a backup in its place, or move it away and make a new one with: muster vault create',
    place: { file },
  });
}

export function vaultUnwritable(file: string, detail: string): MusterError {
  return new MusterError({
    code: 'vault-unwritable',
    what: `The vault ${file} cannot be written.`,
    safe: 'What was in it before is kept.',
    next: 'Free space on the disk, or allow writing in its folder, and try again.',
    place: { file },
    detail,
  });
}

export function agentFailed(detail: string): MusterError {
  return new MusterError({
    code: 'vault-agent-failed',
    what: 'The process that keeps the vault unlocked could not be started.',
    safe: 'The vault stays locked and as it is.',
    next: 'Try again. If the path of MUSTER_HOME is longer than 80 characters, set a shorter one.',
    detail,
  });
}

export function awsUnavailable(profile: string | null, detail: string): Problem {
  const whose = profile === null ? 'the usual AWS settings' : `the AWS profile "${profile}"`;
  const isExpired = /sso|token.*(?:expired|refresh)|login/i.test(detail);
  return {
    code: 'aws-credentials',
    what: `No credentials could be had from ${whose}.`,
    safe: 'No request was sent to the object store.',
    next:
      isExpired && profile !== null
        ? `Sign in with: aws sso login --profile ${profile}`
        : 'Check the profile in ~/.aws/config, or set keys by reference on the target.',
    detail,
  };
}
