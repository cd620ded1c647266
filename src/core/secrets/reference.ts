import { z } from 'zod';
import { splitWords } from './split-words.ts';

/** Where a secret is kept. The text of a reference may be shown and recorded; the secret never. */
export type SecretReference =
  /** An entry of Muster's own vault, `NAME` or `NAME/KEY`. */
  | { scheme: 'vault'; entry: string }
  | { scheme: 'env'; name: string }
  /** A file's whole text but for a final line break. */
  | { scheme: 'file'; path: string }
  | { scheme: 'kubernetes'; namespace: string; secret: string; key: string }
  /** The first line that a program prints, such as a password manager's. Run without a shell. */
  | { scheme: 'command'; argv: [string, ...string[]] };

const noScheme = 'it begins with none of vault:, env:, file:, kubernetes: and command:';

/** Names of entries in the vault: `orders-db`, `orders-db/password`. */
export const vaultEntry = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?$/;

const KUBERNETES =
  /^([a-z0-9][a-z0-9-]{0,62})\/([a-z0-9][a-z0-9.-]{0,252})\/([A-Za-z0-9._-]{1,253})$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What `text` refers to, or in one sentence without an end mark why it is no reference. */
export function parseSecretReference(
  text: string,
): { ok: true; reference: SecretReference } | { ok: false; why: string } {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, colon);
  const rest = text.slice(colon + 1);
  const refused = (why: string): { ok: false; why: string } => ({ ok: false, why });
  switch (colon < 0 ? null : scheme) {
    case 'vault':
      if (!vaultEntry.test(rest)) return refused('after vault: stands NAME or NAME/KEY');
      return { ok: true, reference: { scheme: 'vault', entry: rest } };
    case 'env':
      if (!VARIABLE.test(rest)) return refused('after env: stands the name of a variable');
      return { ok: true, reference: { scheme: 'env', name: rest } };
    case 'file':
      if (rest === '') return refused('after file: stands the path of a file');
      return { ok: true, reference: { scheme: 'file', path: rest } };
    case 'kubernetes': {
      const [, namespace, secret, key] = KUBERNETES.exec(rest) ?? [];
      if (!namespace || !secret || !key) {
        return refused('after kubernetes: stands NAMESPACE/SECRET/KEY');
      }
      return { ok: true, reference: { scheme: 'kubernetes', namespace, secret, key } };
    }
    case 'command': {
      const [program, ...more] = splitWords(rest) ?? [];
      if (!program) return refused('after command: stands a program with its arguments');
      return { ok: true, reference: { scheme: 'command', argv: [program, ...more] } };
    }
    default:
      return refused(noScheme);
  }
}

/** The text of a reference, checked for its form alone. */
export const secretReferenceSchema = z
  .string()
  .max(4096)
  // For editors, which know the published schema alone.
  .regex(/^(?:vault|env|file|kubernetes|command):\S/, {
    error: `not a reference: ${noScheme}`,
    abort: true,
  })
  .superRefine((text, context) => {
    const parsed = parseSecretReference(text);
    if (!parsed.ok) context.addIssue({ code: 'custom', message: `not a reference: ${parsed.why}` });
  });
