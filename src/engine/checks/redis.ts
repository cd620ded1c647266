import type { RedisServer } from '../../core/actions/kinds/redis.ts';
import { formatDuration } from '../../core/units.ts';
import { openRedis } from '../redis/client.ts';
import { redisPlace } from '../redis/place.ts';
import type { CheckContext, CheckResult } from './result.ts';

/** Logs in and pings. Rejects with MusterError, or with the signal's reason. */
export async function checkRedis(context: CheckContext, spec: RedisServer): Promise<CheckResult> {
  const place = await redisPlace(context, spec);
  const began = performance.now();
  const client = await openRedis(place, context.signal);
  client.close();
  const responseMs = performance.now() - began;
  return {
    verdict: 'healthy',
    summary: `Redis at ${place.host}:${place.port} answered in ${formatDuration(responseMs)}.`,
    responseMs,
    values: {},
    evidence: [],
  };
}
