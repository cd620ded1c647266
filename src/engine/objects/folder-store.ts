import { createHash, randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { createReadStream, createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { formatObjectUri } from '../../core/objects/uri.ts';
import { fileFailure } from '../file-failure.ts';
import {
  bucketMissing,
  contentCutOff,
  keyUnusable,
  objectChanged,
  objectMissing,
  uploadGone,
} from './failures.ts';
import type { Cancellable, Content, ObjectEntry, ObjectName, ObjectStore } from './store.ts';

/** What is Muster's own in the folder: metadata of objects, and uploads that are under way. */
const OWN = '.muster';
const SAFE = 'Objects that were there before are unchanged.';

const metadataSchema = z.record(z.string(), z.string());

/**
 * A folder as a store: its folders are buckets, the files below them objects. It keeps no versions
 * and knows no locks. An ETag is made of what the file system says of a file, so that a changed
 * file has another one.
 */
export function openFolderStore(root: string): ObjectStore {
  const folderOf = (bucket: string): string => join(root, checked(bucket));
  const fileOf = ({ bucket, key }: ObjectName): string => join(folderOf(bucket), checked(key));
  const metadataOf = ({ bucket, key }: ObjectName): string =>
    join(root, OWN, 'metadata', checked(bucket), `${checked(key)}.json`);
  const uploadOf = (id: string): string => join(root, OWN, 'uploads', checked(id));

  /** What the file system refuses comes out as a MusterError. */
  const guarded = async <T>(path: () => string, signal: AbortSignal, work: () => Promise<T>) => {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw fileFailure(error, path(), SAFE);
    }
  };

  const needBucket = async (bucket: string): Promise<void> => {
    const found = await fs.stat(folderOf(bucket)).catch(() => null);
    if (found?.isDirectory() !== true) throw bucketMissing(root, bucket);
  };

  const head: ObjectStore['head'] = (name) =>
    guarded(
      () => fileOf(name),
      name.signal,
      async () => {
        await needBucket(name.bucket);
        const found = await statOrNull(fileOf(name));
        if (found === null || name.version != null) return null;
        const text = await fs.readFile(metadataOf(name), 'utf8').catch(() => '{}');
        return {
          ...entry(name, found),
          metadata: metadataSchema.parse(JSON.parse(text)),
          isEtagMd5: false,
        };
      },
    );

  /** Puts a whole file in its place, as one step that a reader sees. */
  const place = async (name: ObjectName, file: string, metadata: Record<string, string>) => {
    await fs.mkdir(dirname(metadataOf(name)), { recursive: true });
    await fs.writeFile(metadataOf(name), JSON.stringify(metadata));
    await fs.mkdir(dirname(fileOf(name)), { recursive: true });
    await fs.rename(file, fileOf(name));
    const found = await fs.stat(fileOf(name), { bigint: true });
    return { etag: etagOf(found), version: null };
  };

  async function* list({
    bucket,
    prefix,
    signal,
  }: { bucket: string; prefix: string } & Cancellable) {
    await guarded(
      () => root,
      signal,
      () => needBucket(bucket),
    );
    for await (const key of keysBelow(folderOf(bucket), '', prefix)) {
      signal.throwIfAborted();
      const found = await statOrNull(join(folderOf(bucket), key));
      if (found !== null) yield entry({ bucket, key }, found);
    }
  }

  return {
    place: root,
    head,
    list,

    async *versions(request) {
      for await (const found of list(request)) yield { ...found, isCurrent: true, isMarker: false };
    },

    async *read({ from, to, etag, signal, ...name }) {
      const uri = formatObjectUri(name);
      const file = await fs.open(fileOf(name)).catch((error: unknown) => {
        const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        throw missing ? objectMissing(root, uri) : fileFailure(error, fileOf(name), SAFE);
      });
      try {
        const now = etagOf(await file.stat({ bigint: true }));
        if (etag !== null && now !== etag) throw objectChanged(uri);
        if (to <= from) return;
        const range = { start: from, end: to - 1, autoClose: false, highWaterMark: 256 * 1024 };
        for await (const chunk of file.createReadStream(range)) {
          signal.throwIfAborted();
          yield chunk;
        }
      } finally {
        await file.close();
      }
    },

    put: ({ content, metadata, signal, ...name }) =>
      guarded(
        () => fileOf(name),
        signal,
        async () => {
          await needBucket(name.bucket);
          const file = uploadOf(randomUUID());
          try {
            await write(file, content, signal);
            return await place(name, file, metadata);
          } finally {
            await fs.rm(file, { force: true });
          }
        },
      ),

    beginParts: ({ bucket, key, metadata, signal }) =>
      guarded(
        () => fileOf({ bucket, key }),
        signal,
        async () => {
          await needBucket(bucket);
          const id = randomUUID();
          await fs.mkdir(uploadOf(id), { recursive: true });
          await fs.writeFile(join(uploadOf(id), 'metadata.json'), JSON.stringify(metadata));
          return { bucket, key, id };
        },
      ),

    putPart: ({ upload, number, content, signal }) =>
      guarded(
        () => fileOf(upload),
        signal,
        async () => {
          if ((await statOrNull(join(uploadOf(upload.id), 'metadata.json'))) === null) {
            throw uploadGone(formatObjectUri(upload));
          }
          return write(join(uploadOf(upload.id), String(number)), content, signal);
        },
      ),

    parts: ({ upload, signal }) =>
      guarded(
        () => fileOf(upload),
        signal,
        async () => {
          const folder = uploadOf(upload.id);
          const names = await fs.readdir(folder).catch(() => {
            throw uploadGone(formatObjectUri(upload));
          });
          const found = new Map<number, { etag: string; size: number }>();
          for (const name of names.filter((one) => /^\d+$/.test(one))) {
            const { size } = await fs.stat(join(folder, name));
            // Nothing depends on it: what a folder holds is read back as a whole.
            found.set(Number(name), { etag: '', size });
          }
          return found;
        },
      ),

    endParts: ({ upload, parts, signal }) =>
      guarded(
        () => fileOf(upload),
        signal,
        async () => {
          const folder = uploadOf(upload.id);
          const text = await fs.readFile(join(folder, 'metadata.json'), 'utf8').catch(() => {
            throw uploadGone(formatObjectUri(upload));
          });
          const whole = join(folder, 'whole');
          await fs.rm(whole, { force: true });
          for (const { number } of parts) {
            const from = createReadStream(join(folder, String(number)));
            await pipeline(from, createWriteStream(whole, { flags: 'a' }), { signal });
          }
          const written = await place(upload, whole, metadataSchema.parse(JSON.parse(text)));
          await fs.rm(folder, { recursive: true, force: true });
          return written;
        },
      ),

    dropParts: ({ upload, signal }) =>
      guarded(
        () => fileOf(upload),
        signal,
        () => fs.rm(uploadOf(upload.id), { recursive: true, force: true }),
      ),

    remove: ({ signal, ...name }) =>
      guarded(
        () => fileOf(name),
        signal,
        async () => {
          await needBucket(name.bucket);
          await fs.rm(fileOf(name), { force: true });
          await fs.rm(metadataOf(name), { force: true });
          return { marker: null };
        },
      ),

    lock: async () => null,

    facts: ({ bucket, signal }) =>
      guarded(
        () => root,
        signal,
        async () => {
          await needBucket(bucket);
          return { isVersioned: false, hasLocks: false };
        },
      ),

    owner: ({ bucket, signal }) =>
      guarded(
        () => root,
        signal,
        async () => {
          await needBucket(bucket);
          const { dev, ino } = await fs.stat(folderOf(bucket), { bigint: true });
          return `${dev}:${ino}`;
        },
      ),

    close: () => {},
  };
}

/** A key or a bucket that stays below the folder. */
function checked(key: string): string {
  const segments = key.split('/');
  if (key.includes('\0') || key.includes('\\'))
    throw keyUnusable(key, 'it has a character too many');
  if (segments[0] === OWN) throw keyUnusable(key, `${OWN} is Muster's own`);
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw keyUnusable(key, 'a part of it is empty or made of dots');
  }
  return key;
}

/** The keys below a folder that begin with the prefix; folders beside it are not read. */
async function* keysBelow(folder: string, path: string, prefix: string): AsyncGenerator<string> {
  for (const found of await fs.readdir(join(folder, path), { withFileTypes: true })) {
    const key = path === '' ? found.name : `${path}/${found.name}`;
    if (found.isDirectory()) {
      const below = `${key}/`;
      if (below.startsWith(prefix) || prefix.startsWith(below))
        yield* keysBelow(folder, key, prefix);
    } else if (found.isFile() && key.startsWith(prefix)) yield key;
  }
}

async function statOrNull(file: string): Promise<BigIntStats | null> {
  const found = await fs.stat(file, { bigint: true }).catch(() => null);
  return found?.isFile() === true ? found : null;
}

function entry({ bucket, key }: ObjectName, found: BigIntStats): ObjectEntry {
  return {
    bucket,
    key,
    size: Number(found.size),
    modified: found.mtime,
    version: null,
    etag: etagOf(found),
  };
}

function etagOf({ size, mtimeNs, ino }: BigIntStats): string {
  return `${size.toString(16)}-${mtimeNs.toString(16)}-${ino.toString(16)}`;
}

/** Writes a file and has it on the disk. Returns the MD5 of what was written. */
async function write(file: string, content: Content, signal: AbortSignal): Promise<string> {
  await fs.mkdir(dirname(file), { recursive: true });
  const hash = createHash('md5');
  let left = content.length;
  const handle = await fs.open(file, 'w');
  try {
    for await (const block of content.blocks()) {
      signal.throwIfAborted();
      left -= block.length;
      hash.update(block);
      await handle.appendFile(block);
    }
    if (left !== 0) throw contentCutOff();
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}
