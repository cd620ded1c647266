import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, muster } from './test/muster.ts';

// Each of these starts a dozen commands.
describe('muster targets', { timeout: 120_000 }, () => {
  it('adds, shows, changes and removes one', async () => {
    const home = folder();
    const targets = (...args: string[]) => muster(home, 'targets', ...args);
    expect((await targets('list')).out).toContain('muster targets add');
    const added = await targets(
      'add',
      'prod-us',
      ...['--care', 'critical', '--context', 'prod', '--namespace', 'orders'],
      ...['--endpoint', 'https://s3.example.org', '--bucket', 'backups', '--path-style'],
      ...['--access-key', 'env:S3_KEY', '--secret-key', 'vault:s3/secret'],
      ...['--database', 'orders=postgresql://restore@db.example.org/orders?sslmode=verify-full'],
      ...['--password', 'orders=vault:orders-db/password'],
    );
    expect(added).toMatchObject({ code: 0, err: '' });
    const [{ target, pins }] = JSON.parse((await targets('list', '--json')).out);
    expect(pins).toEqual([]);
    expect(target).toEqual({
      name: 'prod-us',
      colour: 'red',
      care: 'critical',
      namespace: 'orders',
      kubernetes: { kubeconfig: null, context: 'prod' },
      objectStore: {
        kind: 's3',
        profile: null,
        endpoint: 'https://s3.example.org',
        region: 'us-east-1',
        pathStyle: true,
        bucket: 'backups',
        accessKey: 'env:S3_KEY',
        secretKey: 'vault:s3/secret',
      },
      prometheus: null,
      databases: {
        orders: {
          host: 'db.example.org',
          port: 5432,
          database: 'orders',
          user: 'restore',
          password: 'vault:orders-db/password',
          sslmode: 'verify-full',
          sslRootCert: null,
          through: null,
        },
      },
    });
    expect((await targets('show', 'prod-us')).out).toContain('bucket backups');
    expect((await targets('add', 'prod-us')).code).toBe(2);
    const edited = await targets('edit', 'prod-us', '--profile', 'ops', '--without', 'databases');
    expect(edited.code).toBe(0);
    const { target: changed } = JSON.parse((await targets('show', 'prod-us', '--json')).out);
    expect(changed).toMatchObject({
      colour: 'red',
      objectStore: { profile: 'ops', accessKey: null, bucket: 'backups' },
      databases: {},
    });
    expect((await targets('remove', 'prod-us')).code).toBe(0);
    expect((await targets('show', 'prod-us')).code).toBe(2);
  });

  it('takes no secret, and says what is wrong', async () => {
    const home = folder();
    for (const [args, said] of [
      [['Prod'], 'small letters'],
      [['a', '--database', 'x=postgresql://u:hunter22@h/d'], 'has no password'],
      [['a', '--access-key', 'AKIAHUNTER22'], 'reference'],
      [['a', '--access-key', 'env:A'], 'go together'],
      [['a', '--password', 'x=env:A'], 'no such --database'],
      [['a', '--database', 'x=postgresql://u@h/d?through=orders-db'], 'service/orders-db'],
      [['a', '--kubeconfig', '/x'], '--context'],
      [['a', '--endpoint', 'ftp://x'], 'endpoint'],
    ] as const) {
      const { code, err } = await muster(home, 'targets', 'add', ...args);
      expect(code, args.join(' ')).toBe(2);
      expect(err).toContain(said);
      expect(err).not.toMatch(/hunter22/i);
    }
  });

  it('pins what answers first, and stops at another until a person accepts it', async () => {
    const home = folder();
    const store = join(folder(), 'store');
    mkdirSync(store);
    await muster(home, 'targets', 'add', 'dr', '--folder', store);
    const check = async (...args: string[]) => {
      const { code, out } = await muster(home, 'targets', 'check', 'dr', '--json', ...args);
      return { code, ...JSON.parse(out) };
    };
    expect(await check()).toMatchObject({
      code: 0,
      verdict: 'first-use',
      parts: [{ key: 'object-store', pinnedNow: true }],
    });
    expect(await check()).toMatchObject({ code: 0, verdict: 'match' });
    const other = join(folder(), 'other');
    mkdirSync(other);
    await muster(home, 'targets', 'edit', 'dr', '--folder', other);
    const stopped = await muster(home, 'targets', 'check', 'dr');
    expect(stopped.code).toBe(1);
    expect(stopped.err).toContain(store);
    expect(stopped.err).toContain(other);
    expect(await check('--accept')).toMatchObject({ code: 0, verdict: 'mismatch' });
    expect(await check()).toMatchObject({ code: 0, verdict: 'match' });
  });
});
