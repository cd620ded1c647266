import { readFileSync, statSync } from 'node:fs';
import { resolve as absolute } from 'node:path';
import { parseSecretReference, type SecretReference } from '../../core/secrets/reference.ts';
import * as failures from './failures.ts';
import { knownSecrets } from './known-secrets.ts';
import { firstLineOf } from './run-command.ts';
import type { Vault } from './vault.ts';

export interface SecretContext {
  /** The operator's own environment, unfiltered: a password manager needs its session. */
  env: Readonly<Record<string, string | undefined>>;
  /** The folder that a relative path of `file:` starts at. */
  cwd: string;
  vault: Pick<Vault, 'read'>;
  /** Reads one key of a secret of the bound cluster; null where none is bound. */
  readKubernetesSecret:
    | ((where: { namespace: string; secret: string; key: string }) => Promise<string>)
    | null;
  /** How long a `command:` may take, in ms; null where none may be started, as for a mere note. */
  commandTimeoutMs: number | null;
}

/** The usual time for a `command:`, in ms. */
export const COMMAND_TIMEOUT_MS = 30_000;
/** A file that is longer, in bytes, is no secret. */
const LONGEST_FILE = 1024 * 1024;

/**
 * The value behind a secret's reference. It stays in this process and in what is handed to a step;
 * everything else sees the reference, and `knownSecrets` keeps it out of logs. Throws MusterError with a code for each way it can fail, and
 * never with a value.
 */
export async function resolveSecret(text: string, context: SecretContext): Promise<string> {
  const parsed = parseSecretReference(text);
  if (!parsed.ok) throw failures.referenceInvalid(schemeOf(text), parsed.why);
  const value = await read(text, parsed.reference, context);
  if (value === '') throw failures.secretEmpty(text);
  knownSecrets.add(value);
  return value;
}

function read(
  text: string,
  reference: SecretReference,
  context: SecretContext,
): string | Promise<string> {
  switch (reference.scheme) {
    case 'vault':
      return context.vault.read(reference.entry);
    case 'env': {
      const value = context.env[reference.name];
      if (value === undefined) throw failures.variableUnset(text, reference.name);
      return value;
    }
    case 'file':
      return fileText(text, absolute(context.cwd, reference.path));
    case 'kubernetes':
      if (!context.readKubernetesSecret) throw failures.noCluster(text);
      return context.readKubernetesSecret(reference);
    case 'command':
      return printedBy(text, reference.argv, context);
  }
}

function fileText(text: string, path: string): string {
  try {
    const file = statSync(path);
    if (!file.isFile()) throw failures.fileUnreadable(text, path, 'it is no file');
    if (file.size > LONGEST_FILE) throw failures.fileUnreadable(text, path, 'it is too long');
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) {
      throw failures.fileUnreadable(text, path, error.message);
    }
    throw error;
  }
}

async function printedBy(
  text: string,
  argv: readonly [string, ...string[]],
  { env, commandTimeoutMs }: SecretContext,
): Promise<string> {
  if (commandTimeoutMs === null) throw failures.commandsNotAllowed(text);
  const [program] = argv;
  const end = await firstLineOf(argv, { env, timeoutMs: commandTimeoutMs });
  switch (end.kind) {
    case 'printed':
      return end.firstLine;
    case 'missing':
      throw failures.commandMissing(text, program);
    case 'timed-out':
      throw failures.commandTimedOut(text, program, commandTimeoutMs);
    case 'failed':
      throw failures.commandFailed(text, program, end.how);
  }
}

/** What is no reference may be the secret itself, so only what it begins with is repeated. */
function schemeOf(text: string): string {
  const [scheme] = /^[a-z]{1,10}:/.exec(text) ?? [''];
  return `${scheme}…`;
}
