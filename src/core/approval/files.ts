import { z } from 'zod';
import { MusterError } from '../problem.ts';
import { type BlockName, readBlock, writeBlock } from './armour.ts';
import { longestName } from './names.ts';
import { type Statement, statementSchema } from './statement.ts';

/** What travels between two machines when a step is approved from afar. */

/** An Ed25519 public key: 32 bytes as base64. */
export const publicKeySchema = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);

const requestSchema = z.strictObject({
  format: z.literal('muster-approval-request'),
  version: z.literal(1),
  statement: statementSchema,
});

export const signedApprovalSchema = z.strictObject({
  format: z.literal('muster-signed-approval'),
  version: z.literal(1),
  statement: statementSchema,
  approver: z.string().min(1).max(longestName),
  /** Fingerprint of the key: SHA-256 (hex) of its 32 bytes. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of `signedText`; 64 bytes as base64. */
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
});
export type SignedApproval = z.infer<typeof signedApprovalSchema>;

const keySchema = z.strictObject({
  format: z.literal('muster-approver-key'),
  version: z.literal(1),
  ed25519: publicKeySchema,
});

export function writeRequest(statement: Statement): string {
  return writeBlock('request', { format: 'muster-approval-request', version: 1, statement });
}

/** Throws MusterError. `file` is named in its words. */
export function readRequest(text: string, file: string): Statement {
  return parsed('request', requestSchema, text, file).statement;
}

export function writeApproval(approval: Omit<SignedApproval, 'format' | 'version'>): string {
  return writeBlock('approval', { format: 'muster-signed-approval', version: 1, ...approval });
}

/** Throws MusterError. Says nothing of whether the signature holds. */
export function readApproval(text: string, file: string): SignedApproval {
  return parsed('approval', signedApprovalSchema, text, file);
}

export function writePublicKey(ed25519: string): string {
  return writeBlock('key', { format: 'muster-approver-key', version: 1, ed25519 });
}

/** The key as base64. Throws MusterError. */
export function readPublicKey(text: string, file: string): string {
  return parsed('key', keySchema, text, file).ed25519;
}

const kinds: Record<BlockName, { name: string; next: string }> = {
  request: {
    name: 'an approval request',
    next: 'Ask the operator to send it again, as an attachment if they can.',
  },
  approval: {
    name: 'a signed approval',
    next: 'Ask the approver to send it again, as an attachment if they can.',
  },
  key: {
    name: "an approver's key",
    next: 'Ask for it again: "muster approve --key" prints it.',
  },
};

function parsed<T>(block: BlockName, schema: z.ZodType<T>, text: string, file: string): T {
  const read = readBlock(block, text);
  const result = read.ok ? schema.safeParse(read.value) : null;
  if (result?.success) return result.data;
  const { name, next } = kinds[block];
  const why = read.ok ? versionFault(read.value) : read.why;
  throw new MusterError({
    code: 'approval-file-unreadable',
    what: `${file} is not ${name} that this Muster can read. ${why}`,
    safe: 'Nothing was approved, and nothing was changed.',
    next,
    place: { file },
    ...(result ? { detail: result.error.message } : {}),
  });
}

function versionFault(value: unknown): string {
  const version = z.object({ version: z.number() }).safeParse(value);
  return version.success && version.data.version > 1
    ? 'It was written by a newer Muster.'
    : 'It does not have the form of one.';
}
