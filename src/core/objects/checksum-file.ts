import { baseName } from './uri.ts';

/** Reads and writes what `sha256sum` does: `HASH  NAME`, `HASH *NAME` and `SHA256 (NAME) = HASH`. */

const GNU = /^\\?([0-9a-fA-F]{64})(?: [ *](.+))?$/;
const BSD = /^SHA256 \((.+)\) = ([0-9a-fA-F]{64})$/;

/** The text with the sum of this name added or replaced; null as `sha256` takes it out. */
export function withChecksum(text: string, name: string, sha256: string | null): string {
  const others = text.split(/\r?\n/).filter((line) => line !== '' && nameIn(line) !== name);
  const lines = sha256 === null ? others : [...others, `${sha256}  ${name}`];
  return lines.map((line) => `${line}\n`).join('');
}

function nameIn(line: string): string | undefined {
  return GNU.exec(line)?.[2] ?? BSD.exec(line)?.[1];
}

/**
 * The SHA-256 that a checksum file gives for the object with this key, in lower case; null where it
 * names it nowhere. A file that holds one bare hash speaks of whatever it accompanies.
 */
export function checksumFor(text: string, key: string): string | null {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of lines) {
    const gnu = GNU.exec(line);
    const bsd = BSD.exec(line);
    const hash = gnu?.[1] ?? bsd?.[2];
    if (hash === undefined) continue;
    const name = gnu?.[2] ?? bsd?.[1];
    if (name === undefined ? lines.length === 1 : baseName(name) === baseName(key)) {
      return hash.toLowerCase();
    }
  }
  return null;
}
