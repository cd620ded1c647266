import { z } from 'zod';
import { canonical } from '../ledger/canonical.ts';

/** How long an approval that was asked for may be given, in ms. */
export const approvalLastsMs = 24 * 60 * 60 * 1000;

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What a second person approves: one attempt of one step of one run, as it stood at one moment.
 * Its SHA-256 goes into the ledger, and its text is kept beside it.
 */
export const statementSchema = z.strictObject({
  version: z.literal(1),
  run: z.string().min(1).max(100),
  runTitle: z.string().max(1_000),
  step: z.string().min(1).max(200),
  attempt: z.number().int().positive(),
  title: z.string().max(1_000),
  /** What will happen, in full, as the approver reads it. */
  does: z.string().max(64 * 1024),
  /** SHA-256 of the runbook's text. */
  runbook: hash,
  /** Hash of the run's last event when the approval was asked for. */
  head: hash,
  requestedBy: z.string().min(1).max(200),
  /** UTC, as the next one. */
  requestedAt: z.iso.datetime(),
  /** After this moment it cannot be given any more. */
  expiresAt: z.iso.datetime(),
});
export type Statement = z.infer<typeof statementSchema>;

/** What is to be approved, without the circumstances of the request. */
export type ApprovalSubject = Pick<
  Statement,
  'run' | 'runTitle' | 'step' | 'attempt' | 'title' | 'does' | 'runbook'
>;

/** The statement on `subject`, asked for by a person at a moment (`now` in ms since 1970). */
export function stateFor(
  subject: ApprovalSubject,
  asked: { by: string; head: string; now: number },
): Statement {
  const { run, runTitle, step, attempt, title, does, runbook } = subject;
  return {
    version: 1,
    ...{ run, runTitle, step, attempt, title, does, runbook },
    head: asked.head,
    requestedBy: asked.by,
    requestedAt: new Date(asked.now).toISOString(),
    expiresAt: new Date(asked.now + approvalLastsMs).toISOString(),
  };
}

/** The text whose SHA-256 stands for the statement. */
export function statementText(statement: Statement): string {
  return canonical(statement);
}

/**
 * What an approver's key signs, as UTF-8: the statement by its SHA-256 and the name. Whoever has
 * the event in the ledger and the public key can check the signature with nothing else.
 */
export function signedText(statementSha256: string, approver: string): string {
  return `muster approval 1\n${statementSha256}\n${approver}\n`;
}
