import { MusterError, type Problem } from '../../core/problem.ts';

const unchanged = 'Nothing was changed.';
const stillOpen = 'The step stays open; nothing was approved.';

function refused(problem: Problem): MusterError {
  return new MusterError(problem);
}

export function nameRefused(why: string): MusterError {
  return refused({
    code: 'person-name',
    what: why,
    safe: unchanged,
    next: 'Give the name by which your colleagues know this person.',
  });
}

export function personKnown(name: string): MusterError {
  return refused({
    code: 'person-known',
    what: `${name} is on the list already.`,
    safe: unchanged,
    next: `To change the key, remove ${name} first and add them again.`,
  });
}

export function personUnknown(name: string): MusterError {
  return refused({
    code: 'person-unknown',
    what: `Nobody named ${name} may approve on this machine.`,
    safe: stillOpen,
    next: `Add them with: muster people add "${name}"`,
  });
}

export function pinTooWeak(why: string): MusterError {
  return refused({
    code: 'pin-too-weak',
    what: why,
    safe: 'The PIN is as it was.',
    next: 'Choose at least six characters that nobody guesses.',
  });
}

export function pinMissing(name: string): MusterError {
  return refused({
    code: 'pin-missing',
    what: `${name} has no PIN on this machine.`,
    safe: stillOpen,
    next: `Let ${name} set one with "muster people pin", or use a signed approval file.`,
  });
}

export function pinWrong(name: string, triesLeft: number): MusterError {
  const tries = triesLeft === 1 ? 'One try is' : `${triesLeft} tries are`;
  return refused({
    code: 'pin-wrong',
    what: `This is not ${name}'s PIN.`,
    safe: stillOpen,
    next: triesLeft > 0 ? `${tries} left before a pause. Type it again.` : 'Wait before you try.',
  });
}

export function pinLocked(name: string, until: Date): MusterError {
  return refused({
    code: 'pin-locked',
    what: `Too many wrong PINs were typed for ${name}.`,
    safe: stillOpen,
    next: `Try again after ${until.toISOString()}, or use a signed approval file.`,
  });
}

export function keyMissing(name: string): MusterError {
  return refused({
    code: 'approval-key-missing',
    what: `No public key of ${name} is known on this machine, so the signature cannot be checked.`,
    safe: stillOpen,
    next: `Get the key from ${name} on a way that you trust, then: muster people add "${name}" --key FILE`,
  });
}

export function signatureWrong(name: string): MusterError {
  return refused({
    code: 'approval-signature',
    what: `The approval is not signed with the key that is known here for ${name}.`,
    safe: stillOpen,
    next: `Ask ${name} whether they have a new key, and whether they sent this file.`,
  });
}

export function notAwaited(step: string): MusterError {
  return refused({
    code: 'approval-not-awaited',
    what: `The step "${step}" does not wait for an approval.`,
    safe: 'Nothing was changed.',
    next: 'Name a step of this run that asks for one.',
  });
}

export function requestExpired(until: string): MusterError {
  return refused({
    code: 'approval-expired',
    what: `This request could be approved until ${until}.`,
    safe: 'Nothing was signed.',
    next: 'Ask the operator for a new request.',
  });
}

export function keyFileUnreadable(file: string, detail: string): MusterError {
  return refused({
    code: 'approver-key-unreadable',
    what: `Your approver key ${file} cannot be read.`,
    safe: 'Nothing was signed, and the file was left as it is.',
    next: 'Restore it from a copy, or move it away and make a new one with "muster approve --key".',
    place: { file },
    detail,
  });
}

export function keyPassphraseWrong(file: string): MusterError {
  return refused({
    code: 'approver-key-passphrase',
    what: `This passphrase does not open your approver key ${file}.`,
    safe: 'Nothing was signed.',
    next: 'Type it again. If it is lost, move the file away and make a new key.',
    place: { file },
  });
}

export function passphraseTooShort(least: number): MusterError {
  return refused({
    code: 'passphrase-too-short',
    what: `The passphrase is shorter than ${least} characters.`,
    safe: unchanged,
    next: 'Choose a longer one: four words that do not belong together are good.',
  });
}
