import { StringDecoder } from 'node:string_decoder';
import type { Hurry } from '../api/discovery.ts';
import type { KubernetesConnection } from '../connection.ts';
import type { PodPlace } from './run.ts';

/** A log may be quiet for long; the connection is opened anew after so long, in ms. */
const QUIET_MS = 4 * 60_000;
/** A longer line is cut into several, in characters. */
const LONGEST_LINE = 64 * 1024;

export interface LogOptions extends Hurry {
  follow?: boolean;
  /** How many of the last lines. */
  tail?: number;
  /** How far back, in seconds. */
  sinceSeconds?: number;
  /** Not before this time, RFC 3339. */
  sinceTime?: string;
  previous?: boolean;
  /** Each line begins with its time. */
  timestamps?: boolean;
}

/** The lines of a container's log as they come. Throws MusterError, or WireFailure where it breaks. */
export async function* logLines(
  connection: KubernetesConnection,
  { namespace, pod, container }: PodPlace,
  options: LogOptions,
): AsyncGenerator<string, void, undefined> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
  const { body } = await connection.client.open(path, {
    doing: `read the log of pod/${pod}`,
    query: {
      container,
      follow: options.follow || undefined,
      tailLines: options.tail,
      sinceSeconds: options.sinceSeconds,
      sinceTime: options.sinceTime,
      previous: options.previous || undefined,
      timestamps: options.timestamps || undefined,
    },
    idleMs: QUIET_MS,
    ...(options.signal && { signal: options.signal }),
    ...(options.until !== undefined && { until: options.until }),
    ...(options.onRetry && { onRetry: options.onRetry }),
  });
  const decoder = new StringDecoder('utf8');
  let open = '';
  try {
    for await (const chunk of body) {
      const parts = (open + decoder.write(chunk)).split('\n');
      open = parts.pop() ?? '';
      for (const line of parts) yield line;
      while (open.length > LONGEST_LINE) {
        yield open.slice(0, LONGEST_LINE);
        open = open.slice(LONGEST_LINE);
      }
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    body.destroy();
  }
  open += decoder.end();
  if (open !== '') yield open;
}
