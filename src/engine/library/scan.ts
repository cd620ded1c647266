import { opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import { formatCount } from '../../core/units.ts';
import { isRunbookName } from './read-runbook.ts';

export interface FoundFile {
  path: string;
  /** Milliseconds since the epoch. */
  modifiedMs: number;
  bytes: number;
}

export interface Scan {
  /** In order of path. */
  files: FoundFile[];
  /** Every folder that was looked into, to be watched. */
  folders: string[];
  problems: Problem[];
}

export interface ScanLimits {
  files: number;
  depth: number;
}

const LIMITS: ScanLimits = { files: 20_000, depth: 16 };

/** Folders that hold other people's Markdown, in great numbers. */
const PASSED_OVER = new Set(['node_modules', '.git']);

/** How many names of a folder are read together. */
const NAMES_AT_ONCE = 1_000;

/** How many files are looked at together. */
const AT_ONCE = 64;

/** How many problems of one folder are told one by one. */
const MAX_PROBLEMS = 20;

/**
 * Finds the Markdown files below a folder. What cannot be read becomes a problem, the rest is
 * still found; a folder that is reached twice, as through a symbolic link, is looked into once.
 */
export async function scanFolder(root: string, limits: ScanLimits = LIMITS): Promise<Scan> {
  const scan: Scan = { files: [], folders: [], problems: [] };
  const seen = new Set<string>();
  let waiting = [root];
  for (let depth = 0; depth <= limits.depth && waiting.length > 0; depth += 1) {
    const below: string[] = [];
    for (const folder of waiting) {
      if (scan.files.length >= limits.files) break;
      below.push(...(await lookInto(folder, scan, seen, limits)));
    }
    waiting = below;
  }
  // Whichever was found first: a change of order would count as news.
  scan.problems.sort((a, b) => (a.what < b.what ? -1 : 1));
  if (scan.files.length >= limits.files) scan.problems.unshift(tooMany(root, limits.files));
  else if (waiting.length > 0) scan.problems.push(tooDeep(waiting[0] ?? root, limits.depth));
  scan.problems.length = Math.min(scan.problems.length, MAX_PROBLEMS);
  scan.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return scan;
}

/** Adds the files of one folder to the scan. Returns the folders in it. */
async function lookInto(
  folder: string,
  scan: Scan,
  seen: Set<string>,
  limits: ScanLimits,
): Promise<string[]> {
  const folders: string[] = [];
  const others: string[] = [];
  try {
    const real = await realpath(folder);
    if (seen.has(real)) return [];
    seen.add(real);
    // Piece by piece: a hundred thousand names at once would keep everything else waiting.
    for await (const entry of await opendir(folder, { bufferSize: NAMES_AT_ONCE })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!PASSED_OVER.has(entry.name)) folders.push(path);
      } else if (entry.isSymbolicLink() || isRunbookName(entry.name)) others.push(path);
    }
  } catch (error) {
    scan.problems.push(unreadable(folder, error));
    return [];
  }
  scan.folders.push(folder);
  // Where there are too many, the same ones are left out each time.
  folders.sort();
  others.sort();
  let at = 0;
  while (at < others.length && scan.files.length < limits.files) {
    // Never more at once than there is room for.
    const room = Math.min(AT_ONCE, limits.files - scan.files.length);
    const paths = others.slice(at, at + room);
    const kinds = await Promise.all(paths.map((path) => addFile(path, scan)));
    folders.push(...paths.filter((_path, index) => kinds[index] === 'folder'));
    at += paths.length;
  }
  return folders;
}

async function addFile(path: string, scan: Scan): Promise<'folder' | 'file'> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return 'folder';
    if (stats.isFile() && isRunbookName(path)) {
      scan.files.push({ path, modifiedMs: stats.mtimeMs, bytes: stats.size });
    }
  } catch (error) {
    // A link to nowhere that is no runbook by its name is nobody's loss.
    if (isRunbookName(path)) scan.problems.push(unreadable(path, error));
  }
  return 'file';
}

function unreadable(path: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const { what, next } = reasons[code] ?? {
    what: 'cannot be read',
    next: 'Check the disk or share it is on, or remove the folder from the library.',
  };
  return {
    code: 'library-unreadable',
    what: `${path} ${what}.`,
    safe: 'Everything else is listed.',
    next,
    place: { file: path },
    detail: error instanceof Error ? error.message : String(error),
  };
}

const forbidden = {
  what: 'cannot be read: you may not',
  next: 'Ask for permission to read it, or remove the folder from the library.',
};
/** By the system's name of the error. */
const reasons: Record<string, { what: string; next: string }> = {
  EACCES: forbidden,
  EPERM: forbidden,
  ENOENT: {
    what: 'is not there',
    next: 'Put it back, or remove the folder from the library.',
  },
  ELOOP: {
    what: 'is a link that leads back to itself',
    next: 'Let the link lead to a file, or delete it.',
  },
};

function tooMany(root: string, limit: number): Problem {
  return {
    code: 'library-too-large',
    what: `${root} holds more than ${formatCount(limit)} Markdown files; the rest is neither listed nor found.`,
    safe: 'A file that is not listed can still be opened by itself.',
    next: 'Add the folders that hold runbooks instead of one above them.',
    place: { file: root },
  };
}

function tooDeep(folder: string, depth: number): Problem {
  return {
    code: 'library-too-deep',
    what: `${folder} lies more than ${depth} folders deep and is not listed.`,
    safe: 'Everything above it is listed.',
    next: 'Add this folder to the library by itself.',
    place: { file: folder },
  };
}
