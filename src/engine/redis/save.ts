import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { MusterError } from '../../core/problem.ts';
import type { RedisClient } from './client.ts';

/** How often Redis is asked whether the snapshot is done, in ms. */
const ASK_MS = 250;
/** LASTSAVE counts whole seconds, so a snapshot within the second of the last one would not move it. */
const SECOND_MS = 1000;

/**
 * Writes a snapshot in the background and waits until it is on disk. Gives the moment before which
 * everything is in it (UTC). Rejects with MusterError, or with the signal's reason.
 */
export async function saveSnapshot(
  client: RedisClient,
  signal: AbortSignal,
  onWait: (waitedMs: number) => void,
): Promise<Date> {
  await snapshotUnderWay(client, signal, onWait);
  let before = await lastSave(client);
  while ((await serverTime(client)) < (before + 1) * SECOND_MS) {
    await pause(ASK_MS, undefined, { signal });
  }
  before = await lastSave(client);
  const began = await serverTime(client);
  await client.send('BGSAVE');
  await snapshotUnderWay(client, signal, onWait);
  const fields = infoFields(await text(client, 'INFO', 'persistence'));
  if (fields.rdb_last_bgsave_status !== 'ok' || (await lastSave(client)) <= before) {
    throw new MusterError({
      code: 'redis-save-failed',
      what: 'Redis could not write the snapshot.',
      safe: 'Its data and its last good snapshot are as they were.',
      next: "Look at Redis's log; often its disk is full or its memory too small to fork.",
      detail: `rdb_last_bgsave_status:${fields.rdb_last_bgsave_status}`,
    });
  }
  return new Date(began);
}

/** Waits until no snapshot is being written. */
async function snapshotUnderWay(
  client: RedisClient,
  signal: AbortSignal,
  onWait: (waitedMs: number) => void,
): Promise<void> {
  const began = performance.now();
  for (;;) {
    const fields = infoFields(await text(client, 'INFO', 'persistence'));
    const { rdb_bgsave_in_progress: saving, aof_rewrite_in_progress: rewriting } = fields;
    if (saving === '0' && rewriting !== '1') return;
    onWait(performance.now() - began);
    await pause(ASK_MS, undefined, { signal });
  }
}

/** Seconds since 1970. */
async function lastSave(client: RedisClient): Promise<number> {
  return z.number().parse(await client.send('LASTSAVE'));
}

/** The server's own clock, in ms since 1970. */
async function serverTime(client: RedisClient): Promise<number> {
  const [seconds, micros] = z
    .tuple([z.coerce.number(), z.coerce.number()])
    .parse(await client.send('TIME'));
  return seconds * SECOND_MS + Math.floor(micros / 1000);
}

/** A reply that is a text. */
export async function text(client: RedisClient, ...parts: string[]): Promise<string> {
  return z.string().parse(await client.send(...parts));
}

/** The fields of `INFO`: `used_memory:1024` in lines, `# Memory` above each section. */
export function infoFields(info: string): Record<string, string> {
  const lines = info.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1)];
    }),
  );
}
