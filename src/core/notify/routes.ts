import { z } from 'zod';

/** How much a message matters, least first. */
export const severitySchema = z.enum(['info', 'warning', 'error', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

const reference = z.string().min(1);
/** An address, or the reference of a secret that holds one, because whoever knows a webhook can post. */
const address = z.string().min(1);

const slack = z.strictObject({ kind: z.literal('slack'), url: address });
const pagerduty = z.strictObject({
  kind: z.literal('pagerduty'),
  'routing-key': reference,
  url: address.default('https://events.pagerduty.com/v2/enqueue'),
});
const webhook = z.strictObject({
  kind: z.literal('webhook'),
  url: address,
  method: z.enum(['POST', 'PUT']).default('POST'),
  headers: z
    .record(
      z.string(),
      z.union([z.string(), z.strictObject({ secret: reference, before: z.string().default('') })]),
    )
    .default({}),
  /** A mapping becomes JSON; `${TITLE}` and the like stand for parts of the message. */
  body: z.union([z.string(), z.record(z.string(), z.unknown())]),
});
const mail = z.strictObject({
  kind: z.literal('mail'),
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(587),
  /** `starttls` insists on it; `none` is for a relay on the same machine. */
  security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
  /** A file with the certificates to trust. */
  ca: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  password: reference.optional(),
  from: z.string().min(1),
  to: z.array(z.string().min(1)).min(1).max(100),
});
const desktop = z.strictObject({ kind: z.literal('desktop') });

export const channelSchema = z.discriminatedUnion('kind', [
  slack,
  pagerduty,
  webhook,
  mail,
  desktop,
]);
/** A way to tell somebody. Secrets are references. */
export type Channel = z.infer<typeof channelSchema>;

const bySeverity = z.strictObject({
  info: z.array(z.string()).default([]),
  warning: z.array(z.string()).default([]),
  error: z.array(z.string()).default([]),
  critical: z.array(z.string()).default([]),
});

export const routesSchema = z.strictObject({
  channels: z.record(z.string(), channelSchema),
  /** Names of channels by severity. */
  routes: bySeverity,
  /** More channels for the messages of a team. */
  teams: z.record(z.string(), bySeverity).default({}),
});
/** Who is told what: the file `notify.yaml`. */
export type Routes = z.infer<typeof routesSchema>;

/** The names of the channels for a message, each once; not all of them need exist. */
export function channelsFor(
  routes: Routes,
  severity: Severity,
  team: string | undefined,
): string[] {
  const ofTeam = team === undefined ? undefined : routes.teams[team];
  return [...new Set([...routes.routes[severity], ...(ofTeam?.[severity] ?? [])])];
}

/** Names that a route says and no channel has. */
export function missingChannels(routes: Routes): string[] {
  const named = [routes.routes, ...Object.values(routes.teams)].flatMap((table) =>
    Object.values(table).flat(),
  );
  return [...new Set(named)].filter((name) => !Object.hasOwn(routes.channels, name));
}
