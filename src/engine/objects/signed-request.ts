import { z } from 'zod';

/** What the SDK made of a command, of which only this much is used. */
const schema = z.object({
  protocol: z.enum(['http:', 'https:']),
  hostname: z.string(),
  port: z.number().nullish(),
  method: z.enum(['GET', 'PUT']),
  path: z.string(),
  query: z.record(z.string(), z.string()),
  headers: z.record(z.string(), z.string().regex(/^[^\r\n]*$/)),
});

/** A request as it is to be sent. */
export interface SignedRequest {
  isSecure: boolean;
  host: string;
  port: number;
  method: 'GET' | 'PUT';
  /** The path and the query. */
  uri: string;
  headers: Record<string, string>;
}

/** Null where it is none that is understood here. */
export function readSignedRequest(value: unknown): SignedRequest | null {
  const found = schema.safeParse(value).data;
  if (found === undefined) return null;
  const { protocol, hostname, port, method, path, query, headers } = found;
  const isSecure = protocol === 'https:';
  const pairs = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
  return {
    isSecure,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port ?? (isSecure ? 443 : 80),
    method,
    uri: pairs.length === 0 ? path : `${path}?${pairs.join('&')}`,
    headers,
  };
}
