import { z } from 'zod';
import { redis as kind, type RedisSpec } from '../../core/actions/kinds/redis.ts';
import { tableLines } from '../../core/sql/table.ts';
import { formatDuration } from '../../core/units.ts';
import { jsonEvidence, plainPreview } from '../checks/result.ts';
import { openRedis, type RedisClient } from '../redis/client.ts';
import { redisPlace } from '../redis/place.ts';
import { infoFields, saveSnapshot, text } from '../redis/save.ts';
import type { Done, StepContext, StructuredKind } from './structured.ts';

/** Redis over its own protocol; the work is in `engine/redis/`. */
export const redis: StructuredKind<RedisSpec> = {
  kind,
  async preview({ spec }) {
    return plainPreview(kind.describe({ ...spec }));
  },
  async act(context) {
    const { spec, signal } = context;
    const { host, port } = spec;
    const place = await redisPlace(context, spec);
    const client = await openRedis(place, signal);
    try {
      return await carryOut(context, client, `Redis at ${host}:${port}`);
    } finally {
      client.close();
    }
  },
};

async function carryOut(
  context: StepContext<RedisSpec>,
  client: RedisClient,
  where: string,
): Promise<Done> {
  const { spec, signal, progress } = context;
  const began = performance.now();
  if ('save' in spec) {
    const point = await saveSnapshot(client, signal, (done) =>
      progress({ label: 'Saving', done, total: null, unit: 'ms' }),
    );
    return {
      summary: `${where} saved itself to disk in ${formatDuration(performance.now() - began)}.`,
      values: { 'recovery-point': point.toISOString() },
    };
  }
  if ('info' in spec) return showInfo(context, client, where, spec.info);
  if ('slowlog' in spec) return showSlow(context, client, where, spec.slowlog);
  await client.send('PING');
  const response = performance.now() - began;
  return {
    summary: `${where} answered in ${formatDuration(response)}.`,
    values: { response: Math.round(response) },
  };
}

async function showInfo(
  { log, evidence }: StepContext<RedisSpec>,
  client: RedisClient,
  where: string,
  section: string,
): Promise<Done> {
  const info = await text(client, 'INFO', section);
  const fields = infoFields(info);
  for (const line of info.trim().split('\r\n')) log(line);
  evidence(jsonEvidence(section, fields));
  const count = Object.keys(fields).length;
  return { summary: `${where} gave ${count} fields of ${section}.`, values: fields };
}

/** `SLOWLOG GET`: id, time in seconds, duration in microseconds, the command in parts. */
const slowSchema = z.array(
  z.tuple([z.number(), z.number(), z.number(), z.array(z.string())]).rest(z.unknown()),
);

async function showSlow(
  { log, evidence }: StepContext<RedisSpec>,
  client: RedisClient,
  where: string,
  most: number,
): Promise<Done> {
  const slow = slowSchema.parse(await client.send('SLOWLOG', 'GET', String(most)));
  const rows = slow.map(([, at, micros, parts]) => ({
    at: new Date(at * 1000).toISOString(),
    micros,
    command: parts.join(' '),
  }));
  const cells = rows.map(({ at, micros, command }) => [at, micros, command]);
  for (const line of tableLines(['at', 'µs', 'command'], cells)) log(line);
  evidence(jsonEvidence('slow commands', rows));
  return { summary: `${where} remembers ${rows.length} slow commands.`, values: {} };
}
