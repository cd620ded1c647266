import { renameSync, writeFileSync } from 'node:fs';

/** Puts a file (mode 0600) in an old one's place, so that who reads it sees one of them, whole. */
export function writeInPlace(file: string, text: string): void {
  const next = `${file}.new`;
  writeFileSync(next, text, { mode: 0o600, flush: true });
  renameSync(next, file);
}
