import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { listen } from '../checks/test/listen.ts';
import { mailServer } from '../notify/test/mail-server.ts';
import { makeCertificate } from '../test/certificates.ts';
import { notify } from './notify.ts';
import { testContext } from './test/context.ts';

const host = '127.0.0.1';
const secrets = {
  'env:SLACK': '',
  'env:PAGER': 'routing-key-value',
  'env:TOKEN': 'token-value',
  'env:MAIL': 'mail-password',
};

describe('notify steps', () => {
  const seen: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(status).end('ok');
    });
  });
  const mail = mailServer({ password: 'mail-password' });
  const mails = createSocketServer(mail.serve);
  let base: string;
  let mailPort: number;

  beforeAll(async () => {
    base = `http://${host}:${await listen(server)}`;
    mailPort = await listen(mails);
    secrets['env:SLACK'] = `${base}/slack/secret-path`;
  });
  beforeEach(() => {
    seen.length = 0;
    mail.mails.length = 0;
    status = 200;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    mails.close();
  });

  const channels = () => ({
    slack: { kind: 'slack', url: 'env:SLACK' },
    pager: { kind: 'pagerduty', 'routing-key': 'env:PAGER', url: `${base}/pager` },
    hook: {
      kind: 'webhook',
      url: `${base}/hook`,
      headers: { Authorization: { secret: 'env:TOKEN', before: 'Bearer ' } },
      body: { say: `\${TITLE}: \${TEXT}`, level: `\${SEVERITY}` },
    },
    mail: {
      kind: 'mail',
      host,
      port: mailPort,
      security: 'none',
      user: 'muster',
      password: 'env:MAIL',
      from: 'muster@example.com',
      to: ['ops@example.com', 'dba@example.com'],
    },
    desktop: { kind: 'desktop' },
  });
  const home = (file: object | string | null): string => {
    const dir = mkdtempSync(join(tmpdir(), 'muster-home-'));
    if (file !== null) {
      writeFileSync(join(dir, 'notify.yaml'), typeof file === 'string' ? file : stringify(file));
    }
    return dir;
  };
  const given = (body: object, file?: object | string | null) =>
    testContext(
      notify,
      { title: 'Orders "down" <!here>', text: 'Line 1\nLine 2', ...body },
      {
        secrets,
        home: home(
          file === undefined
            ? {
                channels: channels(),
                routes: { critical: Object.keys(channels()), warning: ['slack'] },
                teams: { dba: { warning: ['mail', 'slack'] } },
              }
            : file,
        ),
      },
    );

  it('reach every channel of a severity', async () => {
    const context = given({
      severity: 'critical',
      details: { Rows: 7 },
      link: 'https://wiki.test/x',
    });
    const done = await notify.act(context);
    expect(done).toMatchObject({ verdict: 'healthy', values: { delivered: 5 } });
    const key = String(done.values.key);
    const by = (path: string) => seen.find((one) => one.path.startsWith(path));
    expect(by('/slack/secret-path')?.body).toContain('&lt;!here&gt;');
    expect(JSON.parse(by('/pager')?.body ?? '')).toMatchObject({
      routing_key: 'routing-key-value',
      event_action: 'trigger',
      dedup_key: key,
      payload: { severity: 'critical', custom_details: { Rows: 7, step: 'step' } },
    });
    expect(by('/hook')).toMatchObject({
      headers: { authorization: 'Bearer token-value', 'idempotency-key': key },
      body: JSON.stringify({ say: 'Orders "down" <!here>: Line 1\nLine 2', level: 'critical' }),
    });
    expect(mail.mails[0]).toMatchObject({ to: ['ops@example.com', 'dba@example.com'] });
    expect(mail.mails[0]?.data).toContain(`Message-ID: <${key}@muster>`);
    expect(mail.mails[0]?.data).toMatch(/^Subject: .*CRITICAL/m);
    expect(context.desktop).toHaveLength(1);
    expect(JSON.stringify([context.kept, context.lines, done])).not.toMatch(
      /routing-key-value|token-value|secret-path|mail-password/,
    );
  });

  it('show what would be sent, without secrets and without sending', async () => {
    const preview = await notify.preview(given({ severity: 'critical' }));
    for (const text of ['<env:SLACK>', '<env:PAGER>', 'Bearer <env:TOKEN>', 'ops@example.com']) {
      expect(preview.detail).toContain(text);
    }
    expect(preview.detail).not.toMatch(/secret-path|token-value/);
    expect([seen.length, mail.mails.length]).toEqual([0, 0]);
  });

  it('go by severity, team and name', async () => {
    expect((await notify.act(given({ severity: 'warning' }))).values.delivered).toBe(1);
    expect((await notify.act(given({ severity: 'warning', team: 'dba' }))).values.delivered).toBe(
      2,
    );
    expect((await notify.act(given({ channels: ['desktop'] }))).values.delivered).toBe(1);
    expect(await notify.act(given({ severity: 'info' }))).toMatchObject({
      verdict: 'degraded',
      summary: 'Nobody was told: no channel is for info.',
    });
  });

  it('carry the same key when they are sent again, and a key of their own for an alarm', async () => {
    const key = async (body: object) =>
      (await notify.act(given({ channels: ['pager'], ...body }))).values.key;
    expect(await key({})).toBe(await key({}));
    expect(await key({ title: 'Another' })).not.toBe(await key({}));
    expect(await key({ key: 'orders-down', event: 'resolve' })).toBe('orders-down');
    expect(JSON.parse(seen.at(-1)?.body ?? '')).toEqual({
      routing_key: 'routing-key-value',
      event_action: 'resolve',
      dedup_key: 'orders-down',
    });
  });

  it('never fail, and say who was not reached', async () => {
    status = 503;
    const busy = await notify.act(given({ severity: 'critical' }));
    expect(busy).toMatchObject({ verdict: 'degraded', values: { delivered: 2 } });
    expect(busy.summary).toBe('Told 2 of 5 channels. Not reached: slack, pager, hook.');
    const context = given({ channels: ['slack'] });
    await notify.act(context);
    expect(context.lines[0]).toContain('status 503: ok; it is tried again in the background');
    status = 404;
    const gone = given({ channels: ['slack'] });
    await notify.act(gone);
    expect(gone.lines[0]).toBe('slack did not: status 404: ok');
    expect((await notify.act(given({ channels: ['nowhere'] }))).verdict).toBe('degraded');
  });

  it('say what is wrong with the file, without stopping the run', async () => {
    expect((await notify.act(given({}, null))).summary).toMatch(/^Nobody was told: there is no /);
    for (const file of [
      'channels: [',
      { channels: { a: { kind: 'pigeon' } }, routes: {} },
      { channels: {}, routes: { info: ['a'] } },
    ]) {
      expect(await notify.act(given({}, file))).toMatchObject({
        verdict: 'degraded',
        summary: expect.stringContaining('cannot be read'),
      });
    }
  });

  it('insist on the right mail server', async () => {
    const { key, cert, ca } = makeCertificate('DNS:mail.test', 90);
    const secure = createTlsServer({ key, cert }, mail.serve);
    const silent = createSocketServer(() => undefined);
    const act = async (change: object): Promise<string> => {
      const file = {
        channels: { mail: { ...channels().mail, ...change } },
        routes: { info: ['mail'] },
      };
      const context = given({}, file);
      await notify.act(context);
      return context.lines[0] ?? '';
    };
    const port = await listen(secure);
    expect(await act({ security: 'tls', port, ca })).toMatch(/mail did not: .*altnames/);
    expect(await act({ security: 'starttls' })).toMatch(/mail did not/);
    expect(await act({ password: 'env:TOKEN' })).toMatch(/535/);
    expect(mail.mails).toHaveLength(0);
    secure.close();
    const cancel = new AbortController();
    const file = {
      channels: { mail: { ...channels().mail, port: await listen(silent) } },
      routes: { info: ['mail'] },
    };
    const acting = notify.act({ ...given({}, file), signal: cancel.signal });
    setTimeout(() => cancel.abort(new Error('cancelled')), 50);
    await expect(acting).rejects.toThrow('cancelled');
    silent.close();
  });
});
