import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { MusterError, type Problem } from '../core/problem.ts';

/**
 * Every way in which SQLite or the file system can refuse, in the words an operator reads.
 * Callers of the store only ever see a MusterError; their own exceptions pass through unchanged.
 */

/** Runs `work`; what SQLite throws comes out as a MusterError about the file at hand. */
export type Guard = <T>(work: () => T) => T;

export function guardFor(file: string): Guard {
  return (work) => {
    try {
      return work();
    } catch (thrown) {
      if (thrown instanceof Database.SqliteError) {
        throw new MusterError(sqliteProblem(file, thrown.code, thrown.message));
      }
      if (thrown instanceof TypeError && thrown.message === 'The database connection is not open') {
        throw new MusterError(closed(file));
      }
      throw thrown;
    }
  };
}

/** For the opening of the store, where the file system itself may refuse. */
export function openingFailure(file: string, thrown: unknown): unknown {
  if (thrown instanceof Database.SqliteError) {
    return new MusterError(sqliteProblem(file, thrown.code, thrown.message));
  }
  if (thrown instanceof Error && 'code' in thrown) {
    const { code } = thrown;
    if (code === 'ERR_DLOPEN_FAILED' || code === 'MODULE_NOT_FOUND') {
      return new MusterError(moduleUnusable(thrown.message));
    }
  }
  const code = systemCode(thrown);
  if (code === null) return thrown;
  const detail = thrown instanceof Error ? thrown.message : code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new MusterError(diskFull(file, detail));
  if (code === 'EIO') return new MusterError(ioFailure(file, detail));
  return new MusterError(readOnly(file, detail));
}

function systemCode(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('syscall' in thrown) || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}

/** Exported for the tests: some of these codes cannot be provoked on every machine. */
export function sqliteProblem(file: string, code: string, message: string): Problem {
  const detail = `${code}: ${message}`;
  if (message.includes('muster: append-only')) return appendOnly(file, detail);
  if (message.includes('muster: event does not follow')) return outOfOrder(file, detail);
  const family = code.split('_')[1] ?? '';
  // On a full disk SQLite cannot grow its shared-memory or journal file and reports that as an
  // I/O or opening error; the free space tells the difference.
  if ((family === 'IOERR' || family === 'CANTOPEN') && isFull(file)) return diskFull(file, detail);
  switch (family) {
    case 'BUSY':
    case 'LOCKED':
    case 'PROTOCOL':
      return locked(file, detail);
    case 'FULL':
      return diskFull(file, detail);
    case 'READONLY':
    case 'CANTOPEN':
    case 'PERM':
      return readOnly(file, detail);
    case 'CORRUPT':
    case 'NOTADB':
      return corrupt(file, detail);
    case 'IOERR':
      return ioFailure(file, detail);
    default:
      return {
        code: 'store-failed',
        what: `The database ${file} refused a request.`,
        safe: 'The request was undone as a whole; what was recorded before is kept.',
        next: 'Try again. If it happens again, report it with the detail.',
        place: { file },
        detail,
      };
  }
}

/** Fewer free bytes than SQLite needs to go on working in a folder. */
const LEAST_FREE_BYTES = 64 * 1024;

function isFull(file: string): boolean {
  try {
    const disk = statfsSync(dirname(file));
    return disk.bavail * disk.bsize < LEAST_FREE_BYTES;
  } catch {
    return false;
  }
}

function moduleUnusable(detail: string): Problem {
  return {
    code: 'store-module-unusable',
    what: 'The SQLite module of this Muster does not run on this machine.',
    safe: 'No data was touched.',
    next: 'Install Muster again; in a checkout run "npm ci" with the Node version that it asks for.',
    detail,
  };
}

function closed(file: string): Problem {
  return {
    code: 'store-closed',
    what: `Muster has closed its database ${file}.`,
    safe: 'What was recorded before is kept.',
    next: 'Start Muster again.',
    place: { file },
  };
}

function locked(file: string, detail: string): Problem {
  return {
    code: 'store-locked',
    what: `Another program kept the database ${file} locked for longer than Muster waits.`,
    safe: 'Nothing was written; what was recorded before is kept.',
    next: 'Close other programs that work on this file, such as a backup or a database browser, then try again.',
    place: { file },
    detail,
  };
}

function diskFull(file: string, detail: string): Problem {
  return {
    code: 'disk-full',
    what: `The disk that holds ${dirname(file)} is full.`,
    safe: 'What was recorded before is kept; the last request was not.',
    next: 'Free some space on that disk, then try again.',
    place: { file },
    detail,
  };
}

function readOnly(file: string, detail: string): Problem {
  return {
    code: 'store-read-only',
    what: `Muster cannot write its database ${file}.`,
    safe: 'Nothing was changed.',
    next: `Allow writing in ${dirname(file)}, or set MUSTER_HOME to a folder that can be written.`,
    place: { file },
    detail,
  };
}

function corrupt(file: string, detail: string): Problem {
  return {
    code: 'store-corrupt',
    what: `The database ${file} is damaged.`,
    safe: 'The file is left exactly as it is, so that it can still be examined or repaired.',
    next: `To go on now, set MUSTER_HOME to a new folder. Copies from before each update are in ${dirname(file)}/backups; keep the damaged file before you put one in its place.`,
    place: { file },
    detail,
  };
}

function ioFailure(file: string, detail: string): Problem {
  return {
    code: 'store-io',
    what: `The disk failed while Muster worked on ${file}.`,
    safe: 'What was recorded before is kept as far as the disk still holds it.',
    next: 'Check the disk or the network share, copy the folder to a sound one, and set MUSTER_HOME to it.',
    place: { file },
    detail,
  };
}

function appendOnly(file: string, detail: string): Problem {
  return {
    code: 'ledger-append-only',
    what: 'Something tried to change or delete what is already recorded.',
    safe: 'The record was not changed.',
    next: 'Report this with the detail; Muster itself never does it.',
    place: { file },
    detail,
  };
}

function outOfOrder(file: string, detail: string): Problem {
  return {
    code: 'ledger-out-of-order',
    what: 'An event was to be recorded that does not follow the last one of its run.',
    safe: 'It was not recorded; the ledger is as it was.',
    next: 'Resume the run, which reads the ledger again.',
    place: { file },
    detail,
  };
}

/** Another process wrote the same place of a run's record. */
export function drivenElsewhere(run: string): MusterError {
  return new MusterError({
    code: 'run-driven-elsewhere',
    what: `Another window or command line is driving the run ${run}.`,
    safe: 'Its record is kept; nothing of this window was added to it.',
    next: 'Follow it there, or close that one and resume the run here.',
  });
}

/** A row that is in the file and cannot be what Muster wrote. `where` names run, event or chunk. */
export function damaged(file: string, where: string, detail: string): MusterError {
  return new MusterError({
    code: 'ledger-damaged',
    what: `The record of ${where} cannot be read.`,
    safe: 'The file is left as it is; other runs are not affected.',
    next: `Run "muster verify" on the run, and compare with a copy of ${file}.`,
    place: { file },
    detail,
  });
}

export function isConflict(thrown: unknown): boolean {
  return (
    thrown instanceof Database.SqliteError &&
    (thrown.code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || thrown.code === 'SQLITE_CONSTRAINT_UNIQUE')
  );
}
