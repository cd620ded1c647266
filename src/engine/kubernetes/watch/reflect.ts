import { StringDecoder } from 'node:string_decoder';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { MusterError } from '../../../core/problem.ts';
import { pathOf, type Resource } from '../api/discovery.ts';
import { isStatus } from '../api/problems.ts';
import { asFailure } from '../api/wire.ts';
import type { KubernetesConnection } from '../connection.ts';
import { listOf } from '../objects/object.ts';

const PAGE = 500;
/** The server ends a watch after so long and it is opened anew, in seconds. */
const WATCH_SECONDS = 300;
/** A server with bookmarks says something every minute; without a word for so long it is gone, in ms. */
const QUIET_MS = 90_000;
/** How long an answer may take, in ms. */
const ANSWER_MS = 15_000;
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 15_000;
/** An event that is longer is no event, in characters. */
const LONGEST_EVENT = 8 * 1024 * 1024;

const metaSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    resourceVersion: z.string().optional(),
  }),
});

const eventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});

/** What a reflection tells. Keys are `namespace/name`. */
export interface Reflector<T> {
  /** All there is, after a list: what was known before and is not among it is gone. */
  onList(items: ReadonlyMap<string, T>): void;
  onPut(key: string, item: T): void;
  onGone(key: string): void;
  /** The connection holds, or why it does not. */
  onState(problem: string | null): void;
}

/**
 * Lists a collection and then watches it until the signal says so: from the version it knows, with
 * bookmarks, from a new list where that version is too old, and after a pause where the connection
 * broke. Items that do not parse are left out. Rejects with MusterError where it is not allowed.
 */
export async function reflect<T>(
  connection: KubernetesConnection,
  resource: Resource,
  namespace: string | null,
  item: z.ZodType<T>,
  reflector: Reflector<T>,
  signal: AbortSignal,
): Promise<void> {
  let version: string | null = null;
  let wait = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      version ??= await list(connection, resource, namespace, item, reflector, signal);
      reflector.onState(null);
      for await (const { type, object } of events(
        connection,
        resource,
        namespace,
        version,
        signal,
      )) {
        wait = FIRST_PAUSE_MS;
        if (type === 'ERROR') {
          // "Gone", in most cases: the server has forgotten this version.
          version = null;
          break;
        }
        const meta = metaSchema.safeParse(object);
        if (!meta.success) continue;
        const { metadata } = meta.data;
        version = metadata.resourceVersion ?? version;
        const key = `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
        if (type === 'DELETED') reflector.onGone(key);
        else if (type !== 'BOOKMARK') {
          const read = item.safeParse(object);
          if (read.success) reflector.onPut(key, read.data);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isStatus(error, 410)) version = null;
      // What is forbidden or not served stays so: whoever watches is told once.
      else if (isStatus(error, 401, 403, 404)) throw error;
      else
        reflector.onState(
          error instanceof MusterError ? error.message : asFailure(error, true).message,
        );
      await pause(wait * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      wait = Math.min(wait * 2, LAST_PAUSE_MS);
    }
  }
}

/** Lists page by page; resolves with the version from which to watch. */
async function list<T>(
  connection: KubernetesConnection,
  resource: Resource,
  namespace: string | null,
  item: z.ZodType<T>,
  reflector: Reflector<T>,
  signal: AbortSignal,
): Promise<string> {
  const items = new Map<string, T>();
  let next: string | undefined;
  let version = '';
  do {
    const page = await connection.client.read(pathOf(resource, namespace), {
      doing: `watch ${resource.name}`,
      schema: listOf(z.unknown()),
      query: { limit: PAGE, continue: next },
      signal,
      answerMs: ANSWER_MS,
      patienceMs: 0,
    });
    for (const raw of page.items) {
      const meta = metaSchema.safeParse(raw);
      const read = item.safeParse(raw);
      if (!meta.success || !read.success) continue;
      const { namespace: within = '', name = '' } = meta.data.metadata;
      items.set(`${within}/${name}`, read.data);
    }
    version = page.metadata.resourceVersion ?? '';
    next = page.metadata.continue || undefined;
  } while (next !== undefined);
  reflector.onList(items);
  return version;
}

async function* events(
  connection: KubernetesConnection,
  resource: Resource,
  namespace: string | null,
  version: string,
  signal: AbortSignal,
): AsyncGenerator<z.output<typeof eventSchema>, void, undefined> {
  const { body } = await connection.client.open(pathOf(resource, namespace), {
    doing: `watch ${resource.name}`,
    query: {
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: version,
      timeoutSeconds: WATCH_SECONDS,
    },
    idleMs: QUIET_MS,
    answerMs: ANSWER_MS,
    patienceMs: 0,
    signal,
  });
  const decoder = new StringDecoder('utf8');
  let open = '';
  try {
    for await (const chunk of body) {
      const parts = (open + decoder.write(chunk)).split('\n');
      open = parts.pop() ?? '';
      if (open.length > LONGEST_EVENT) throw asFailure(new Error('an event is too long'), true);
      for (const line of parts) {
        const event = eventSchema.safeParse(asJson(line));
        if (event.success) yield event.data;
      }
    }
  } finally {
    body.destroy();
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
