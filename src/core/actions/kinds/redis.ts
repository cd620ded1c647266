import { z } from 'zod';
import { durationText } from '../duration.ts';
import { type ActionKind, oneVerb } from '../kind.ts';
import { switchValue, wholeNumber } from '../scalars.ts';
import { REQUEST_LIMIT } from './http.ts';

const server = {
  host: z.string().min(1).describe('The name or address.'),
  port: wholeNumber(1, 65_535).default(6379).describe('The port; 6379 where it is left out.'),
  user: z.string().min(1).optional().describe('The user, where Redis has several.'),
  password: z.string().min(1).optional().describe("The reference of the password's secret."),
  tls: z
    .strictObject({
      ca: z.string().min(1).optional().describe('A file with the certificates to trust.'),
      name: z.string().min(1).optional().describe('The name that the certificate must have.'),
    })
    .optional()
    .describe('Speaks TLS; {} for the certificates that the system trusts.'),
  within: durationText
    .default(REQUEST_LIMIT)
    .describe(`The longest that one answer may take; ${REQUEST_LIMIT} where it is left out.`),
};

/** A Redis server and how to log in. */
export const redisServer = z.strictObject(server);
export type RedisServer = z.infer<typeof redisServer>;

const yes = switchValue.refine((value) => value, { error: 'is not true' });

const ping = z.strictObject({ ping: yes.describe('true: asks whether it answers.'), ...server });
const save = z.strictObject({
  save: yes.describe('true: writes a snapshot in the background and waits until it is on disk.'),
  ...server,
});
const info = z.strictObject({
  info: z
    .enum(['all', 'server', 'clients', 'memory', 'persistence', 'stats', 'replication', 'keyspace'])
    .describe('What to show.'),
  ...server,
});
const slowlog = z.strictObject({
  slowlog: wholeNumber(1, 128).describe('How many of the slowest recent commands to list.'),
  ...server,
});
export type RedisSpec =
  | z.infer<typeof ping>
  | z.infer<typeof save>
  | z.infer<typeof info>
  | z.infer<typeof slowlog>;

/** Snapshots of Redis, and what it says of itself. */
export const redis: ActionKind<RedisSpec> = {
  name: 'redis',
  summary:
    'Saves a Redis server to its disk, and shows its memory, keys, clients and slow commands.',
  body: 'yaml',
  schemaFor: oneVerb({ ping, save, info, slowlog }),
  describe: (spec) => {
    const where = `${spec.host}:${spec.port ?? 6379}`;
    if ('save' in spec) return `Save Redis at ${where} to its disk`;
    if ('info' in spec) return `Show ${spec.info} of Redis at ${where}`;
    return 'slowlog' in spec ? `List slow commands of Redis at ${where}` : `Ping Redis at ${where}`;
  },
  effect: (spec) => ('save' in spec ? 'changes' : 'reads'),
  repeatable: () => true,
  risk: () => 'safe',
  results: {
    'recovery-point': 'Of save: the moment that the snapshot is of at the latest, UTC, ISO 8601.',
    response: 'Of ping: how long the answer took, in ms.',
    '*': 'Of info: a field by its name, such as used_memory.',
  },
  uses: [],
  undoable: () => false,
  examples: [
    'save: true\nhost: redis.example.com\npassword: vault:redis',
    'info: memory\nhost: 127.0.0.1\nport: 6380',
    'slowlog: 10\nhost: redis.example.com\ntls: {}',
    'ping: true\nhost: redis.example.com',
  ],
};
