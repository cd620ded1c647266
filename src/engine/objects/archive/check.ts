import { formatBytes } from '../../../core/units.ts';
import { notWhatItShouldBe } from './archive.ts';
import { readCustomDumpHeader, readText } from './dump.ts';
import { walkTar } from './tar.ts';
import { canReadZstd, gunzipped, unzstded } from './unpack.ts';
import { type ReadRange, readZipDirectory } from './zip.ts';

export type ArchiveKind = 'gzip' | 'tar' | 'tar.gz' | 'zip' | 'zstd' | 'pg-dump' | 'none';

/** An object as a checker sees it: once in order, and anywhere. */
export interface ArchiveSource {
  uri: string;
  size: number;
  /** The memory of a chunk may be written over as soon as the next one is asked for. */
  whole: AsyncIterable<Uint8Array>;
  read: ReadRange;
}

/** The kind that a name and the first bytes tell; a name alone does not make a dump. */
export function kindByName(key: string, head: Buffer): ArchiveKind {
  if (head.subarray(0, 5).toString('latin1') === 'PGDMP') return 'pg-dump';
  const name = key.toLowerCase();
  if (/\.(?:tar\.gz|tgz)$/.test(name)) return 'tar.gz';
  if (name.endsWith('.gz')) return 'gzip';
  if (name.endsWith('.tar')) return 'tar';
  if (name.endsWith('.zip')) return 'zip';
  if (name.endsWith('.zst')) return canReadZstd() ? 'zstd' : 'none';
  return 'none';
}

/**
 * Reads an archive to its end, with constant memory, and says what it is. Where it is not whole,
 * throws MusterError `archive-truncated`, which names the byte, `archive-damaged` or
 * `archive-of-another-kind`.
 */
export async function checkArchive(kind: ArchiveKind, source: ArchiveSource): Promise<string> {
  const { uri, size, whole, read } = source;
  switch (kind) {
    case 'gzip': {
      await needMagic(source, [0x1f, 0x8b], 'gzip file');
      return unpackedWords('gzip', await readText(uri, gunzipped(uri, whole)));
    }
    case 'zstd': {
      await needMagic(source, [0x28, 0xb5, 0x2f, 0xfd], 'zstd file');
      return unpackedWords('zstd', await readText(uri, unzstded(uri, whole)));
    }
    case 'tar':
      return `tar, ${await walkTar(uri, whole)} entries`;
    case 'tar.gz': {
      await needMagic(source, [0x1f, 0x8b], 'gzip file');
      return `tar.gz, ${await walkTar(`the tar in ${uri}`, gunzipped(uri, whole))} entries`;
    }
    case 'zip':
      return `zip, ${await readZipDirectory(uri, size, read)} entries by its directory`;
    case 'pg-dump': {
      const version = readCustomDumpHeader(uri, await read(0, Math.min(size, 16)));
      return `PostgreSQL dump in the custom format ${version}, by its header`;
    }
    case 'none': {
      const { dump, bytes } = await readText(uri, whole);
      return dump === null ? 'no archive' : `${dump}, complete, ${formatBytes(bytes)}`;
    }
  }
}

async function needMagic(source: ArchiveSource, magic: number[], kind: string): Promise<void> {
  const head = await source.read(0, Math.min(source.size, magic.length));
  if (!head.equals(Buffer.from(magic))) {
    throw notWhatItShouldBe(
      source.uri,
      kind,
      `It begins with ${head.toString('hex') || 'nothing'}.`,
    );
  }
}

function unpackedWords(
  kind: string,
  { bytes, dump }: { bytes: number; dump: string | null },
): string {
  return `${kind}, ${formatBytes(bytes)} unpacked${dump === null ? '' : `, ${dump}, complete`}`;
}
