import { join } from 'node:path';
import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { MusterError } from '../../core/problem.ts';
import type { S3Place } from '../../core/targets/target.ts';
import { hasProfile, type ProfileFiles, profileFiles, readAwsSections } from './aws-config.ts';
import { awsUnavailable } from './failures.ts';
import { knownSecrets } from './known-secrets.ts';
import { writeInPlace } from './write-in-place.ts';

/** Keys as AWS's own clients take them. */
export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

export interface AwsContext {
  /** The operator's own environment. */
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  /** The value behind a secret's reference. */
  resolve(reference: string): Promise<string>;
}

/**
 * Gives the keys for an object store: those the target refers to, those of its one profile (keys,
 * roles, SSO, web identity, a process), or where it names neither those of the usual chain. A
 * profile that fails is never replaced by another source. Asked again it reads again, so a new
 * sign-in counts at once. Rejects with MusterError.
 */
export function awsCredentials(place: S3Place, { resolve }: AwsContext): () => Promise<AwsKeys> {
  const { accessKey, secretKey, profile, region } = place;
  if (accessKey !== null && secretKey !== null) {
    return async () => ({
      accessKeyId: await resolve(accessKey),
      secretAccessKey: await resolve(secretKey),
    });
  }
  const options = { ignoreCache: true, clientConfig: { region } };
  const provider =
    profile === null ? fromNodeProviderChain(options) : fromIni({ ...options, profile });
  return async () => {
    try {
      const keys = await provider();
      const { secretAccessKey, sessionToken = '' } = keys;
      knownSecrets.addPassing(`aws ${profile ?? ''} ${region}`, [secretAccessKey, sessionToken]);
      return keys;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new MusterError(awsUnavailable(profile, why));
    }
  };
}

/** For a target without an object store of AWS: programs find no profile and no keys. */
export function noAwsVariables(folder: string): Record<string, string> {
  const nothing = join(folder, 'aws-nothing');
  writeInPlace(nothing, '');
  return { AWS_CONFIG_FILE: nothing, AWS_SHARED_CREDENTIALS_FILE: nothing, ...noMachine };
}

/** What a shell step gets to reach an object store, and nothing else of the AWS configuration. */
export interface AwsVariables {
  env: Record<string, string>;
  secrets: string[];
}

const FROM_ENVIRONMENT = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/**
 * Writes two files into `folder` that hold this one profile, and names them to every AWS program,
 * so that `~/.aws` stays out of reach. `also` names profiles that a program which signs in to the
 * cluster asks for by name. Throws MusterError where there are no credentials.
 */
export async function awsVariables(
  place: S3Place,
  folder: string,
  { env, home, resolve }: AwsContext,
  also: readonly string[] = [],
): Promise<AwsVariables> {
  const { accessKey, secretKey, profile, region, endpoint } = place;
  const config = join(folder, 'aws-config');
  const credentials = join(folder, 'aws-credentials');
  const variables: Record<string, string> = {
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: credentials,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // For S3 alone: roles and sign-ins go on asking AWS itself.
    ...(endpoint === null ? {} : { AWS_ENDPOINT_URL_S3: endpoint }),
  };
  const sections = readAwsSections(env, home);
  const others = profileFiles(sections, also);
  const write = (own: Pick<ProfileFiles, 'config' | 'credentials'>): void => {
    writeInPlace(config, own.config);
    writeInPlace(credentials, own.credentials);
  };
  const writeWithKeys = (): void =>
    write({
      config: `[default]\nregion = ${region}\n${addressing(place)}${others?.config ?? ''}`,
      credentials: others?.credentials ?? '',
    });
  const more = others?.secrets ?? [];
  if (accessKey !== null && secretKey !== null) {
    writeWithKeys();
    const id = await resolve(accessKey);
    const secret = await resolve(secretKey);
    const keys = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
    return { env: { ...variables, ...keys, ...noMachine }, secrets: [id, secret, ...more] };
  }
  const inherited = Object.fromEntries(
    FROM_ENVIRONMENT.flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  if (profile === null && inherited.AWS_ACCESS_KEY_ID !== undefined) {
    writeWithKeys();
    return {
      env: { ...variables, ...inherited, ...noMachine },
      secrets: [...Object.values(inherited), ...more],
    };
  }
  const name = profile ?? 'default';
  const files = hasProfile(sections, name) ? profileFiles(sections, [name, ...also]) : null;
  if (!files) {
    // Without a profile the machine itself may have a role.
    if (profile !== null)
      throw new MusterError(awsUnavailable(profile, 'No file has this profile.'));
    writeWithKeys();
    return { env: variables, secrets: more };
  }
  write({ ...files, config: withAddressing(files.config, name, place) });
  return {
    env: { ...variables, AWS_PROFILE: name, ...(files.usesMachine ? {} : noMachine) },
    secrets: files.secrets,
  };
}

/** Keeps programs from asking the machine for a role when the profile has no keys. */
const noMachine = { AWS_EC2_METADATA_DISABLED: 'true' };

function addressing({ pathStyle }: S3Place): string {
  return pathStyle ? 's3 =\n    addressing_style = path\n' : '';
}

/** The profile's section with the target's style of addresses, where it has none of its own. */
function withAddressing(config: string, profile: string, place: S3Place): string {
  if (!place.pathStyle || /^s3\s*=/m.test(config)) return config;
  const head = profile === 'default' ? '[default]' : `[profile ${profile}]`;
  const lines = config.split('\n');
  const at = lines.findIndex((line) => headName(line) === profile);
  if (at < 0) return `${config}${head}\n${addressing(place)}`;
  return [...lines.slice(0, at + 1), addressing(place).trimEnd(), ...lines.slice(at + 1)].join(
    '\n',
  );
}

function headName(line: string): string | null {
  const title = /^\s*\[(?:profile\s+)?["']?(.*?)["']?\]/.exec(line)?.[1];
  return title?.trim() ?? null;
}
