import { createHash } from 'node:crypto';
import { refuseApprover, refuseStatement } from '../../core/approval/check.ts';
import { readApproval, writeApproval, writeRequest } from '../../core/approval/files.ts';
import { isSamePerson } from '../../core/approval/names.ts';
import {
  type ApprovalSubject,
  type Statement,
  stateFor,
  statementText,
} from '../../core/approval/statement.ts';
import { MusterError } from '../../core/problem.ts';
import type { Store } from '../../store/open.ts';
import { unlessDamaged } from '../unless-damaged.ts';
import { openApproverKey } from './approver-key.ts';
import { keyMissing, requestExpired, signatureWrong } from './failures.ts';
import { checkPin } from './pin.ts';
import { personNamed } from './registry.ts';
import { fingerprintOf, isSignedBy, signStatement } from './signature.ts';

/** An approval as the ledger records it. */
export interface Approval {
  approver: string;
  method: 'pin' | 'file';
  /** SHA-256 (hex) of `text`. */
  statement: string;
  /** SHA-256 (hex) of the approver's public key; null for a PIN. */
  key: string | null;
  /** Base64; null for a PIN. */
  signature: string | null;
  /** The statement itself, to be kept with the run. */
  text: string;
}

/** The step that waits for an approval, and whose it is. */
export interface Awaited {
  subject: ApprovalSubject;
  /** Who may not approve it; see `ownersOf`. */
  owners: readonly string[];
  /** The only ones who may, as the runbook names them; empty for anybody else. */
  named: readonly string[];
}

/** A request to send to a colleague, as text for mail or chat. */
export function requestApproval(store: Store, subject: ApprovalSubject, by: string): string {
  return writeRequest(askedNow(store, subject, by));
}

/** A colleague types their PIN on this machine. Throws MusterError. */
export async function approveByPin(
  store: Store,
  { subject, owners, named }: Awaited,
  given: { name: string; pin: string; askedBy: string },
): Promise<Approval> {
  const person = personNamed(store, given.name);
  throwIf(refuseApprover(person.name, owners, named));
  const text = statementText(askedNow(store, subject, given.askedBy));
  await checkPin(store, person, given.pin);
  const statement = sha256(text);
  return { approver: person.name, method: 'pin', statement, key: null, signature: null, text };
}

/** A signed approval arrived; `file` is named in messages. Throws MusterError. */
export function approveByFile(
  store: Store,
  { subject, owners, named }: Awaited,
  given: { text: string; file: string; now?: number },
): Approval {
  const approval = readApproval(given.text, given.file);
  const { approver, key, signature } = approval;
  const person = personNamed(store, approver);
  if (person.publicKey === null) throw keyMissing(person.name);
  const text = statementText(approval.statement);
  const statement = sha256(text);
  const isTheirs =
    fingerprintOf(person.publicKey) === key &&
    isSignedBy(person.publicKey, statement, approver, signature);
  if (!isTheirs) throw signatureWrong(person.name);
  throwIf(refuseApprover(approver, owners, named));
  const isOfLedger = (hash: string): boolean => isEventOf(store, subject.run, hash);
  throwIf(refuseStatement(approval.statement, subject, isOfLedger, given.now ?? Date.now()));
  return { approver, method: 'file', statement, key, signature, text };
}

/**
 * Signs a colleague's request with the key of this machine, as text for mail or chat. Throws
 * MusterError: also for a step that this person asked for themselves, and one that has expired.
 */
export async function signRequest(
  home: string,
  statement: Statement,
  given: { name: string; passphrase: string; now?: number },
): Promise<string> {
  throwIf(refuseApprover(given.name, [statement.requestedBy]));
  if (Date.parse(statement.expiresAt) <= (given.now ?? Date.now())) {
    throw requestExpired(statement.expiresAt);
  }
  const { privateKey, publicKey } = await openApproverKey(home, given.passphrase);
  const signature = signStatement(privateKey, sha256(statementText(statement)), given.name);
  return writeApproval({
    statement,
    approver: given.name,
    key: fingerprintOf(publicKey),
    signature,
  });
}

/** Why an approval on record does not hold, or null. A key that is not known here proves nothing. */
export function badApproval(
  store: Store,
  approval: { approver: string; statement: string; key: string | null; signature: string | null },
): string | null {
  const text = unlessDamaged(() => store.texts.read(approval.statement));
  if (text === undefined) return 'What was approved cannot be read.';
  if (text === null) return 'What was approved is missing.';
  if (sha256(text) !== approval.statement) return 'What was approved was changed.';
  if (approval.signature === null) return null;
  const known = store.people
    .list()
    .find(({ publicKey }) => publicKey !== null && fingerprintOf(publicKey) === approval.key);
  if (!known?.publicKey) return null;
  const { statement, approver, signature } = approval;
  const isTheirs =
    isSamePerson(known.name, approver) &&
    isSignedBy(known.publicKey, statement, approver, signature);
  return isTheirs ? null : `The approval is not signed by ${approver}.`;
}

function askedNow(store: Store, subject: ApprovalSubject, by: string): Statement {
  const head = store.events.head(subject.run)?.hash ?? '';
  return stateFor(subject, { by, head, now: Date.now() });
}

function isEventOf(store: Store, run: string, hash: string): boolean {
  for (const event of store.events.iterate(run)) if (event.hash === hash) return true;
  return false;
}

function throwIf(problem: ReturnType<typeof refuseApprover>): void {
  if (problem !== null) throw new MusterError(problem);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
