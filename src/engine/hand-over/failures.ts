import { MusterError } from '../../core/problem.ts';

/** The ways in which a hand-over is refused, in the words that the operator reads. */

const stays = 'The run is as it was, and stays here.';
const nothingHere = 'Nothing was recorded here.';

function refused(
  code: string,
  words: { what: string; safe: string; next: string; file?: string; detail?: string },
): MusterError {
  const { what, safe, next, file, detail } = words;
  return new MusterError({
    code,
    ...{ what, safe, next },
    ...(file === undefined ? {} : { place: { file } }),
    ...(detail === undefined ? {} : { detail }),
  });
}

export function stepRunning(title: string): MusterError {
  return refused('hand-over-running', {
    what: `"${title}" is running, so the run cannot be handed over.`,
    safe: stays,
    next: 'Resume the run, wait for the end of the step or cancel it, and hand over then.',
  });
}

export function onPracticeRange(): MusterError {
  return refused('hand-over-practice', {
    what: 'This run is on the practice range, which exists on this machine alone.',
    safe: stays,
    next: 'End it here. Another person can start the drill on their own machine.',
  });
}

export function handedToAnother(to: string): MusterError {
  return refused('hand-over-done', {
    what: `This run was handed over to ${to} already.`,
    safe: 'It is read-only here, and its record is kept.',
    next: `If the file is lost, write it again with: muster hand-over RUN --to "${to}" --out FILE`,
  });
}

export function nothingToWrite(): MusterError {
  return refused('hand-over-nothing', {
    what: 'Say to whom, and why, in a few words.',
    safe: stays,
    next: 'Give a name and a reason; both go into the record.',
  });
}

export function changedMeanwhile(): MusterError {
  return refused('hand-over-changed', {
    what: 'Something was recorded in the run while it was written to the file.',
    safe: 'It was not handed over; no file was left behind.',
    next: 'Try again.',
  });
}

export function recordBroken(why: string): MusterError {
  return refused('hand-over-broken-record', {
    what: `The record of this run does not verify. ${why}`,
    safe: stays,
    next: 'Look at it with "muster verify". A broken record cannot be handed over.',
  });
}

export function fileNotWritten(file: string, error: unknown): MusterError {
  return refused('bundle-not-written', {
    what: `The file ${file} could not be written.`,
    safe: stays,
    next: 'Choose another name or folder, or free some space, and try again.',
    file,
    detail: error instanceof Error ? error.message : String(error),
  });
}

export function fileNotFinished(file: string, error: unknown): MusterError {
  return refused('bundle-not-finished', {
    what: `The run was handed over, but the file ${file} could not be finished.`,
    safe: 'The record is whole, and the run is read-only here.',
    next: 'Hand it over to the same person again: that writes the file anew.',
    file,
    detail: error instanceof Error ? error.message : String(error),
  });
}

export function fileThere(file: string): MusterError {
  return refused('bundle-exists', {
    what: `${file} is there already.`,
    safe: `${stays} The file was not changed.`,
    next: 'Choose another name.',
    file,
  });
}

export function notABundle(file: string, why: string): MusterError {
  return refused('bundle-unreadable', {
    what: `${file} is not a hand-over that this Muster can read. ${why}`,
    safe: nothingHere,
    next: 'Ask for the file again.',
    file,
  });
}

export function passphraseWrong(file: string): MusterError {
  return refused('bundle-passphrase', {
    what: `This passphrase does not open ${file}, or the beginning of the file was changed.`,
    safe: nothingHere,
    next: 'Type it again, or ask who sent it.',
    file,
  });
}

export function bundleDamaged(file: string, why: string): MusterError {
  return refused('bundle-damaged', {
    what: `${file} is not as it was written. ${why}`,
    safe: nothingHere,
    next: 'Ask for the file again. If it stays so, ask the sender to verify the run.',
    file,
  });
}

export function runHere(run: string): MusterError {
  return refused('take-over-here', {
    what: `Run ${run} is on this machine already, and this file adds nothing to it.`,
    safe: 'Its record is as it was.',
    next: `Go on with it: muster resume ${run}`,
  });
}

export function ownHandOver(run: string, to: string): MusterError {
  return refused('take-over-own', {
    what: `Run ${run} was handed over from this machine to ${to}.`,
    safe: 'It stays read-only here.',
    next: `If you are sure that ${to} did not take it over, take it back with --back.`,
  });
}

export function runForked(run: string, seq: number): MusterError {
  return refused('take-over-forked', {
    what: `The record of run ${run} here and the one in the file differ from event ${seq} on.`,
    safe: 'The record here is as it was.',
    next: 'Somebody went on with the run in two places. Compare both records with "muster verify".',
  });
}

export function runDriven(run: string): MusterError {
  return refused('take-over-driven', {
    what: `Run ${run} is driven on this machine at this moment.`,
    safe: 'It goes on undisturbed.',
    next: 'Close the window or command line that drives it first.',
  });
}
