import { closeSync, openSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import type Database from 'better-sqlite3';
import { cksumFile } from './cksum.ts';

/**
 * Copies the database as it is now, with a manifest beside it: POSIX `cksum`, size in bytes, rows
 * and the time of the newest order. `taken` names the copy; `written` becomes the time of the
 * files (both ms since the epoch). Returns the path of the copy.
 */
export function makeBackup(
  db: Database.Database,
  folder: string,
  taken: number,
  written: number,
): string {
  const stamp = new Date(taken)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
  const copy = join(folder, `orders-${stamp}.db`);
  db.prepare('VACUUM INTO ?').run(copy);
  const { checksum, bytes } = cksumFile(copy);
  const rows = db.prepare('SELECT count(*) FROM orders').pluck().get();
  const newest = db.prepare('SELECT max(placed_at) FROM orders').pluck().get();
  const manifest = [
    `file=${basename(copy)}`,
    `cksum=${checksum}`,
    `bytes=${bytes}`,
    `rows=${String(rows)}`,
    `newest=${String(newest)}`,
  ];
  const manifestFile = copy.replace(/\.db$/, '.manifest');
  writeFileSync(manifestFile, `${manifest.join('\n')}\n`);
  for (const file of [copy, manifestFile]) setTime(file, written);
  return copy;
}

/** Spoils some bytes in the middle of a copy, as a failing disk does: same size, same time. */
export function damage(copy: string, written: number): void {
  const middle = Math.floor(statSync(copy).size / 2);
  const file = openSync(copy, 'r+');
  try {
    writeSync(file, Buffer.alloc(8_192, 0x5a), 0, 8_192, middle);
  } finally {
    closeSync(file);
  }
  setTime(copy, written);
}

function setTime(file: string, ms: number): void {
  utimesSync(file, ms / 1_000, ms / 1_000);
}
