import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MusterError } from '../../core/problem.ts';
import { type S3Place, s3PlaceSchema } from '../../core/targets/target.ts';
import { type AwsContext, awsCredentials, awsVariables } from './aws.ts';
import { awsProfiles, readAwsSections } from './aws-config.ts';

const CONFIG = `
# The operator's own.
[default]
region = eu-west-1
[profile backups]
region = us-east-1
role_arn = arn:aws:iam::123456789012:role/backups
source_profile = base
s3 =
    max_concurrent_requests = 4
[profile base]
region = us-east-1
[profile "signed-in"]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = ops
[sso-session corp]
sso_region = us-east-1
sso_start_url = https://example.org/start
[profile other]
aws_access_key_id = OTHERKEY
aws_secret_access_key = other-secret-key
`;
const CREDENTIALS = `[base]
aws_access_key_id = BASEKEY
aws_secret_access_key = base-secret-key
[unrelated]
aws_access_key_id = UNRELATED
aws_secret_access_key = unrelated-secret
`;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'muster-aws-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A home with an AWS configuration, which the SDK reads too. */
function home(): string {
  const path = folder();
  mkdirSync(join(path, '.aws'));
  writeFileSync(join(path, '.aws/config'), CONFIG);
  writeFileSync(join(path, '.aws/credentials'), CREDENTIALS);
  vi.stubEnv('AWS_CONFIG_FILE', join(path, '.aws/config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(path, '.aws/credentials'));
  vi.stubEnv('HOME', path);
  return path;
}

function context(given: string): AwsContext {
  return { env: {}, home: given, resolve: async (reference) => `value of ${reference}` };
}

function place(change: Partial<S3Place> = {}): S3Place {
  return s3PlaceSchema.parse({
    kind: 's3',
    profile: null,
    endpoint: null,
    region: 'us-east-1',
    pathStyle: false,
    bucket: null,
    accessKey: null,
    secretKey: null,
    ...change,
  });
}

afterEach(() => vi.unstubAllEnvs());

describe('awsCredentials', () => {
  it('takes the keys that the target refers to', async () => {
    const given = place({ accessKey: 'env:ID', secretKey: 'vault:s3/secret' });
    expect(await awsCredentials(given, context(home()))()).toEqual({
      accessKeyId: 'value of env:ID',
      secretAccessKey: 'value of vault:s3/secret',
    });
  });

  it('takes one profile, and no other source when it fails', async () => {
    const given = context(home());
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'FROMENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret of the environment');
    const keys = await awsCredentials(place({ profile: 'base' }), given)();
    expect(keys).toMatchObject({ accessKeyId: 'BASEKEY', secretAccessKey: 'base-secret-key' });
    for (const profile of ['not there', 'signed-in']) {
      const failed = awsCredentials(place({ profile }), given)();
      await expect(failed).rejects.toBeInstanceOf(MusterError);
    }
    const fromEnvironment = await awsCredentials(place(), given)();
    expect(fromEnvironment.accessKeyId).toBe('FROMENVIRONMENT');
  });

  it('says how to sign in when a sign-in is missing', async () => {
    const failed = awsCredentials(place({ profile: 'signed-in' }), context(home()))();
    await expect(failed).rejects.toMatchObject({
      problem: { code: 'aws-credentials', next: 'Sign in with: aws sso login --profile signed-in' },
    });
  });

  it('assumes the role of a profile with the keys of its source', async () => {
    const given = context(home());
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization ?? '');
      response.setHeader('Content-Type', 'text/xml');
      response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <AssumeRoleResult><Credentials><AccessKeyId>ASSUMED</AccessKeyId>
        <SecretAccessKey>assumed-secret</SecretAccessKey><SessionToken>assumed-token</SessionToken>
        <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>
        </AssumeRoleResponse>`);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    vi.stubEnv('AWS_ENDPOINT_URL_STS', `http://127.0.0.1:${port}`);
    const keys = await awsCredentials(place({ profile: 'backups' }), given)();
    expect(keys).toMatchObject({ accessKeyId: 'ASSUMED', sessionToken: 'assumed-token' });
    expect(seen[0]).toContain('BASEKEY');
  });
});

describe('awsVariables', () => {
  it('copy one profile with what it stands on, and nothing of the others', async () => {
    const own = folder();
    const given = place({ profile: 'backups', pathStyle: true, endpoint: 'http://127.0.0.1:9000' });
    const { env, secrets } = await awsVariables(given, own, context(home()));
    const texts = [env.AWS_CONFIG_FILE, env.AWS_SHARED_CREDENTIALS_FILE].map((file) =>
      readFileSync(file ?? '', 'utf8'),
    );
    expect(texts[0]).toContain('[profile backups]');
    expect(texts[0]).toContain('max_concurrent_requests = 4');
    expect(texts[0]).toContain('[profile base]');
    expect(texts[1]).toContain('[base]');
    expect(texts.join()).not.toMatch(/other|unrelated|eu-west-1|corp/i);
    expect(secrets).toEqual(['BASEKEY', 'base-secret-key']);
    expect(env).toMatchObject({
      AWS_PROFILE: 'backups',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    expect(statSync(env.AWS_CONFIG_FILE ?? '').mode & 0o777).toBe(0o600);
    expect(env).not.toHaveProperty('AWS_ACCESS_KEY_ID');
  });

  it('follow an SSO session, and put in the style of addresses', async () => {
    const own = folder();
    const { env } = await awsVariables(
      place({ profile: 'signed-in', pathStyle: true }),
      own,
      context(home()),
    );
    const config = readFileSync(env.AWS_CONFIG_FILE ?? '', 'utf8');
    expect(config).toContain('[sso-session corp]');
    expect(config).toMatch(
      /\[profile "signed-in"\]\ns3 =\n {4}addressing_style = path\nsso_session/,
    );
    expect(config).not.toContain('backups');
  });

  it('hand out keys by reference or of the environment, and hide the operator’s files', async () => {
    const own = folder();
    const given = place({ accessKey: 'env:ID', secretKey: 'env:SECRET', pathStyle: true });
    const { env, secrets } = await awsVariables(given, own, context(home()));
    expect(env.AWS_ACCESS_KEY_ID).toBe('value of env:ID');
    expect(secrets).toEqual(['value of env:ID', 'value of env:SECRET']);
    expect(readFileSync(env.AWS_CONFIG_FILE ?? '', 'utf8')).toBe(
      '[default]\nregion = us-east-1\ns3 =\n    addressing_style = path\n',
    );
    expect(readFileSync(env.AWS_SHARED_CREDENTIALS_FILE ?? '', 'utf8')).toBe('');
    const inherited = {
      AWS_ACCESS_KEY_ID: 'ID',
      AWS_SECRET_ACCESS_KEY: 'SECRET',
      AWS_PROFILE: 'x',
    };
    const chain = await awsVariables(place(), own, { ...context(home()), env: inherited });
    expect(chain.env).toMatchObject({ AWS_ACCESS_KEY_ID: 'ID', AWS_SECRET_ACCESS_KEY: 'SECRET' });
    expect(chain.env).not.toHaveProperty('AWS_PROFILE');
    expect(chain.secrets).toEqual(['ID', 'SECRET']);
  });

  it('refuse a profile that no file has', async () => {
    const given = place({ profile: 'not there' });
    await expect(awsVariables(given, folder(), context(home()))).rejects.toMatchObject({
      problem: { code: 'aws-credentials' },
    });
  });
});

describe('readAwsSections', () => {
  it('lists profiles of both files by name, once', () => {
    const given = home();
    expect(awsProfiles(readAwsSections({}, given))).toEqual([
      'backups',
      'base',
      'default',
      'other',
      'signed-in',
      'unrelated',
    ]);
    expect(awsProfiles(readAwsSections({}, folder()))).toEqual([]);
  });
});
