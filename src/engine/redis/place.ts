import { resolve } from 'node:path';
import type { RedisServer } from '../../core/actions/kinds/redis.ts';
import { readCertificates } from '../checks/http.ts';
import { type CheckContext, withinMs } from '../checks/result.ts';
import type { RedisPlace } from './client.ts';

/** The server of a body, its secret and certificates read. Rejects with MusterError. */
export async function redisPlace(
  { secret, cwd }: Pick<CheckContext, 'secret' | 'cwd'>,
  { host, port, user, password, tls, within }: RedisServer,
): Promise<RedisPlace> {
  return {
    host,
    port,
    user: user ?? null,
    password: password === undefined ? null : await secret(password),
    tls: tls
      ? {
          ca: tls.ca === undefined ? null : readCertificates(resolve(cwd, tls.ca)),
          name: tls.name ?? null,
        }
      : null,
    withinMs: withinMs(within),
  };
}
