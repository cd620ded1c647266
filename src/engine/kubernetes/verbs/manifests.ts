import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { MusterError } from '../../../core/problem.ts';
import type { Cluster, Place } from '../objects/cluster.ts';
import { type KubeObject, objectSchema } from '../objects/object.ts';

/** More than this is no manifest, in bytes. */
const LARGEST_FILE = 32 * 1024 * 1024;

const listSchema = z.looseObject({
  kind: z.string().endsWith('List'),
  items: z.array(z.unknown()),
});

/** An object to write, and where. */
export interface Wanted {
  place: Place;
  object: KubeObject;
}

/**
 * The objects of a body: a path beside the runbook, YAML text, one object or a list. In the order in
 * which they stand. Throws MusterError that names the file and what is wrong.
 */
export async function readManifests(body: unknown, cwd: string): Promise<KubeObject[]> {
  const raw =
    typeof body !== 'string'
      ? [body].flat()
      : body.includes('\n')
        ? documents(body, 'the text of the step')
        : await fromPath(isAbsolute(body) ? body : join(cwd, body), body);
  const objects = raw.flatMap((one) => {
    const list = listSchema.safeParse(one);
    return list.success ? list.data.items : [one];
  });
  return objects.map((one) => {
    const read = objectSchema.required({ apiVersion: true, kind: true }).safeParse(one);
    if (!read.success) {
      const issue = read.error.issues[0];
      throw unreadable('The manifest', `${issue?.path.join('.')}: ${issue?.message}`);
    }
    // Set by the server alone; a manifest taken from a cluster brings them along.
    const { managedFields: _, resourceVersion: __, uid: ___, ...metadata } = read.data.metadata;
    return { ...read.data, metadata };
  });
}

/** Finds the kind of each object and puts it into a namespace. Throws MusterError. */
export async function placeManifests(
  cluster: Cluster,
  objects: readonly KubeObject[],
  namespace: string,
): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  for (const object of objects) {
    const resource = await cluster.ofKind(object.apiVersion ?? '', object.kind ?? '');
    const where = resource.namespaced ? (object.metadata.namespace ?? namespace) : null;
    wanted.push({
      place: { resource, namespace: where, name: object.metadata.name },
      object:
        where === null ? object : { ...object, metadata: { ...object.metadata, namespace: where } },
    });
  }
  return wanted;
}

async function fromPath(path: string, shownPath: string): Promise<unknown[]> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) {
      if (found.size > LARGEST_FILE) throw unreadable(shownPath, 'it is larger than 32 MiB');
      return documents(await readFile(path, 'utf8'), shownPath);
    }
    const names = (await readdir(path)).filter((name) => /\.(ya?ml|json)$/i.test(name)).sort();
    if (names.length === 0) throw unreadable(shownPath, 'the folder holds no manifest');
    const all: unknown[] = [];
    for (const name of names) {
      all.push(...(await fromPath(join(path, name), join(shownPath, name))));
    }
    return all;
  } catch (error) {
    if (error instanceof MusterError) throw error;
    throw unreadable(shownPath, error instanceof Error ? error.message : String(error));
  }
}

function documents(text: string, name: string): unknown[] {
  const parsed = parseAllDocuments(text);
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((document) => {
    const [error] = document.errors;
    if (error) throw unreadable(name, error.message.split('\n')[0] ?? 'it is not valid YAML');
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [value];
  });
}

function unreadable(name: string, why: string): MusterError {
  return new MusterError({
    code: 'kubernetes-manifest-unreadable',
    what: `${name} cannot be used as a manifest: ${why}.`,
    safe: 'Nothing was changed.',
    next: 'Correct the manifest, then retry.',
  });
}
