import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const userSchema = z.looseObject({
  token: z.string().nullish(),
  tokenFile: z.string().nullish(),
  password: z.string().nullish(),
  'client-key-data': z.string().nullish(),
  'auth-provider': z.looseObject({ config: z.record(z.string(), z.string()).nullish() }).nullish(),
  exec: z
    .looseObject({
      args: z.array(z.string()).nullish(),
      env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
    })
    .nullish(),
});

const kubeconfigSchema = z.looseObject({
  users: z.array(z.looseObject({ user: userSchema.nullish() })).nullish(),
});

/** What else a shell must be told, or a redactor, about a kubeconfig that is handed to a step. */
export interface KubeconfigFacts {
  /** Every credential that stands in it. */
  secrets: string[];
  /** Whether a program signs in for it. */
  hasPlugin: boolean;
  /** AWS profiles that this program asks for by name. */
  awsProfiles: string[];
}

export function kubeconfigFacts(text: string): KubeconfigFacts {
  const users = kubeconfigSchema.parse(parse(text) ?? {}).users ?? [];
  const facts: KubeconfigFacts = { secrets: [], hasPlugin: false, awsProfiles: [] };
  for (const { user } of users) {
    if (!user) continue;
    facts.secrets.push(...secretsOf(user));
    const { exec } = user;
    if (!exec) continue;
    facts.hasPlugin = true;
    const { args, env } = exec;
    const named = (args ?? []).flatMap((arg, at) =>
      arg === '--profile' ? (args?.[at + 1] ?? []) : (/^--profile=(.+)$/.exec(arg)?.[1] ?? []),
    );
    const given = (env ?? []).flatMap(({ name, value }) => (name === 'AWS_PROFILE' ? value : []));
    facts.awsProfiles.push(...named, ...given);
  }
  return facts;
}

const PROVIDER_SECRETS = ['id-token', 'refresh-token', 'access-token', 'client-secret'];

function secretsOf(user: z.infer<typeof userSchema>): string[] {
  const key = user['client-key-data'];
  const provider = user['auth-provider']?.config ?? {};
  const found = [
    user.token,
    user.password,
    key && Buffer.from(key, 'base64').toString('utf8'),
    user.tokenFile && existsSync(user.tokenFile)
      ? readFileSync(user.tokenFile, 'utf8').trim()
      : null,
    ...PROVIDER_SECRETS.map((name) => provider[name]),
  ];
  return found.filter((secret) => typeof secret === 'string');
}
