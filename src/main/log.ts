import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../store/make-folder.ts';

export interface Log {
  /** `what`: a sentence without values from a runbook, an environment or a request. */
  note(what: string): void;
  fault(what: string, error: unknown): void;
  /** From now on `hide` takes out of every line what must not be there: the secrets that were read. */
  hideWith(hide: (text: string) => string): void;
  /** `text` as the log would show it. */
  hidden(text: string): string;
}

/** At this size, in bytes, the log begins anew; the one before is kept beside it. */
const MAX_BYTES = 1024 * 1024;

/** Keeps `muster.log` in `folder`. A log that cannot be written is silent: it must never stop the app. */
export function openLog(folder: string): Log {
  const file = join(folder, 'muster.log');
  // Before the part that reads secrets is loaded there is none to hide.
  let hide = (text: string): string => text;
  const write = (line: string) => {
    try {
      makeFolder(folder);
      rotate(file);
      appendFileSync(file, `${new Date().toISOString()} ${hide(line)}\n`, { mode: 0o600 });
    } catch {
      // See above.
    }
  };
  return {
    note: (what) => write(what),
    fault: (what, error) => {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      write(`${what}\n  ${detail.replaceAll('\n', '\n  ')}`);
    },
    hideWith(given) {
      hide = given;
    },
    hidden: (text) => hide(text),
  };
}

function rotate(file: string): void {
  try {
    if (statSync(file).size > MAX_BYTES) renameSync(file, `${file}.1`);
  } catch {
    // There is none yet.
  }
}
