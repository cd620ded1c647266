import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { writeRequest } from '../core/approval/files.ts';
import { stateFor } from '../core/approval/statement.ts';
import { spawnPty } from '../engine/terminal/spawn-pty.ts';
import {
  annotated,
  cli,
  folder,
  muster,
  runbook,
  shellStep,
  summary,
  until,
} from './test/muster.ts';

const subject = {
  run: '20260301-030000-abcd',
  runTitle: 'Restore orders',
  step: 'cut-over',
  attempt: 1,
  title: 'Cut over\u202e',
  does: 'Point the service at the restored database.\nThen delete the old one.',
  runbook: 'a'.repeat(64),
};
const request = stateFor(subject, { by: 'ada', head: 'b'.repeat(64), now: Date.now() });

function file(text: string): string {
  const path = join(folder(), 'file.txt');
  writeFileSync(path, text);
  return path;
}

/** A command at a terminal: what it shows, and somebody to type. */
function atTerminal(home: string, ...args: string[]) {
  let shown = '';
  const pty = spawnPty({
    file: process.execPath,
    args: [cli, ...args],
    cwd: home,
    env: { PATH: process.env.PATH ?? '', MUSTER_HOME: home, TERM: 'dumb', ...binding() },
    columns: 100,
    rows: 40,
  });
  let code: number | null = null;
  pty.onData((data) => {
    shown += data;
  });
  pty.onExit(({ exitCode }) => {
    code = exitCode;
  });
  onTestFinished(() => {
    if (code === null) pty.kill('SIGKILL');
  });
  return {
    shown: () => shown,
    type: (text: string) => pty.write(text),
    sees: (text: string) => until(() => shown.includes(text)),
    async ended() {
      await until(() => code !== null);
      return code;
    },
  };
}

function binding(): Record<string, string> {
  const { MUSTER_SQLITE_BINDING: path } = process.env;
  return path === undefined ? {} : { MUSTER_SQLITE_BINDING: path };
}

it('a colleague is added, sets a PIN and is removed', async () => {
  const home = folder();
  expect((await muster(home, 'people', 'list')).out).toContain('Nobody is on the list.');
  expect((await muster(home, 'people', 'add', 'Bo')).code).toBe(0);
  const twice = await muster(home, 'people', 'add', ' BO');
  expect(twice).toMatchObject({ code: 2, out: '' });
  expect(twice.err).toContain('on the list already');

  const weak = await muster(home, 'people', 'pin', 'Bo', '--pin-file', file('123456\n'));
  expect(weak.err).toContain('a row');
  expect((await muster(home, 'people', 'pin', 'Bo', '--pin-file', file('482913\r\n'))).code).toBe(
    0,
  );
  const change = ['people', 'pin', 'Bo', '--pin-file', file('771203')];
  const wrong = await muster(home, ...change, '--old-pin-file', file('000000'));
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.err).toContain("not Bo's PIN");
  expect((await muster(home, ...change, '--old-pin-file', file('482913'))).code).toBe(0);

  const [person] = JSON.parse((await muster(home, 'people', 'list', '--json')).out);
  expect(person).toMatchObject({ name: 'Bo', hasPin: true, key: null });
  expect(Object.keys(person).sort()).toEqual(['createdAt', 'hasPin', 'key', 'name']);
  expect((await muster(home, 'people', 'remove', 'bo')).code).toBe(0);
  expect((await muster(home, 'people', 'remove', 'bo')).code).toBe(2);
});

it('a PIN is typed twice, and never shown', async () => {
  const home = folder();
  await muster(home, 'people', 'add', 'Bo');
  const first = atTerminal(home, 'people', 'pin', 'Bo');
  await first.sees('New PIN of Bo: ');
  first.type('4829\u007f913x\u007f\r');
  await first.sees('again: ');
  first.type('482914\r');
  expect(await first.ended()).toBe(2);
  expect(first.shown()).toContain('The two that you typed differ.');

  const second = atTerminal(home, 'people', 'pin', 'Bo');
  await second.sees('New PIN of Bo: ');
  second.type('482913\r');
  await second.sees('again: ');
  second.type('482913\r');
  expect(await second.ended()).toBe(0);
  expect(second.shown()).not.toContain('4829');

  const third = atTerminal(home, 'people', 'pin', 'Bo');
  await third.sees('until now: ');
  third.type('\u0003');
  expect(await third.ended()).toBe(2);
  expect(third.shown()).toContain('You ended the question.');
  const noTerminal = await muster(home, 'people', 'pin', 'Bo');
  expect(noTerminal.err).toContain('no terminal to type at');
});

it('a request is shown in full and signed with a key that colleagues know', async () => {
  const home = folder();
  const passphrase = ['--passphrase-file', file('correct horse battery')];
  const key = await muster(home, 'approve', '--key', ...passphrase);
  expect(key).toMatchObject({ code: 0 });
  expect(key.out).toMatch(/^-----BEGIN MUSTER APPROVER KEY-----\n[\n -~]+-----\n$/);
  if (process.platform !== 'win32') {
    expect(statSync(join(home, 'approver-key.json')).mode & 0o777).toBe(0o600);
  }
  expect((await muster(home, 'approve', '--key')).out).toBe(key.out);

  const ada = folder();
  const added = await muster(ada, 'people', 'add', 'Bo', '--key', file(`> ${key.out}`));
  expect(added.code).toBe(0);
  const [spoken] = /(?:[0-9a-f]{4} ){15}[0-9a-f]{4}/.exec(key.err) ?? [];
  expect(added.out).toContain(spoken ?? 'a fingerprint');

  const asked = file(writeRequest(request));
  const unasked = await muster(home, 'approve', asked, '--as', 'Bo', ...passphrase);
  expect(unasked).toMatchObject({ code: 1 });
  for (const words of ['Then delete the old one.', 'asked', 'ada', 'as Bo', '[U+202E]']) {
    expect(unasked.out).toContain(words);
  }
  const out = join(folder(), 'approval.txt');
  const sign = ['approve', asked, '--as', 'Bo', '--out', out, '--yes'];
  const wrong = await muster(home, ...sign, '--passphrase-file', file('wrong horse battery'));
  expect(wrong.err).toContain('does not open your approver key');
  expect((await muster(home, ...sign, ...passphrase)).code).toBe(0);
  expect(readFileSync(out, 'utf8')).toMatch(/^-----BEGIN MUSTER SIGNED APPROVAL-----\n/);
  expect((await muster(home, ...sign, ...passphrase)).err).toContain('could not be written');
  const own = await muster(home, 'approve', asked, '--as', 'ADA', '--yes', ...passphrase);
  expect(own.err).toContain('cannot approve its steps');
  expect((await muster(home, 'approve', file('nonsense'), '--yes')).code).toBe(2);
});

it('an approval at a terminal is asked for by its word', async () => {
  const home = folder();
  const passphrase = ['--passphrase-file', file('correct horse battery')];
  const asked = file(writeRequest(request));
  const no = atTerminal(home, 'approve', asked, '--as', 'Bo', ...passphrase);
  await no.sees('Type approve');
  no.type('yes\r');
  expect(await no.ended()).toBe(1);
  expect(no.shown()).toContain('Nothing was approved.');
  const yes = atTerminal(home, 'approve', asked, '--as', 'Bo', ...passphrase);
  await yes.sees('Type approve');
  yes.type('approve\r');
  expect(await yes.ended()).toBe(0);
  expect(readFileSync(`${asked}.approval.txt`, 'utf8')).toContain('MUSTER SIGNED APPROVAL');
});

const gated = annotated(
  `### Look\n- [ ] look\n### Ask\n\`\`\`approve {id=ask}\napprove: Cut over to the new database\n\`\`\`\n${shellStep('cut', 'echo cut over')}`,
);

async function waiting(home: string): Promise<string> {
  const { code, out } = await muster(
    home,
    'run',
    runbook(gated),
    '--auto',
    '--answer=look=done',
    '--json',
  );
  expect(code).toBe(3);
  expect(summary(out).problem).toMatchObject({ code: 'person-needed' });
  return summary(out).id;
}

it('a run goes on with a signed approval, and its record proves whose it was', async () => {
  const [ada, bo] = [folder(), folder()];
  const passphrase = ['--passphrase-file', file('correct horse battery')];
  const key = (await muster(bo, 'approve', '--key', ...passphrase)).out;
  await muster(ada, 'people', 'add', 'Bo', '--key', file(key));
  const [run, other] = [await waiting(ada), await waiting(ada)];
  const asked = join(folder(), 'request.txt');
  expect((await muster(ada, 'request', run, 'cut')).err).toContain('does not wait for an approval');
  expect((await muster(ada, 'request', run, 'ask', '--out', asked)).code).toBe(0);
  const signed = await muster(bo, 'approve', asked, '--as', 'Bo', '--yes', ...passphrase);
  for (const words of ['Cut over to the new database', 'Mode: drill', '    echo cut over', run]) {
    expect(signed.out).toContain(words);
  }
  const approval = `${asked}.approval.txt`;
  const go = (id: string) => muster(ada, 'resume', id, '--auto', '--json', '--approval', approval);
  const replayed = await go(other);
  expect(replayed.code).toBe(2);
  expect(replayed.err).toContain(`It approves a step of another run, ${run}.`);
  const resumed = await go(run);
  expect(summary(resumed.out)).toMatchObject({ outcome: 'succeeded' });
  expect(resumed.out).toMatch(/"kind":"step\.approved","step":"ask","attempt":1,"approver":"Bo"/);
  expect((await muster(ada, 'report', run)).out).toContain('Approved with a signed file: Ask');
  expect((await muster(ada, 'verify', run)).code).toBe(0);

  const db = new Database(join(ada, 'muster.db'));
  db.exec(`DROP TRIGGER texts_keep; UPDATE runbook_texts SET encoding = 'plain', length = 2,
    data = CAST('{}' AS BLOB) WHERE sha256 IN (SELECT json_extract(body, '$.statement') FROM events)`);
  db.close();
  const broken = await muster(ada, 'verify', run);
  expect(broken.out).toContain('What was approved was changed.');
});

it('a colleague types their PIN in the middle of a run, and it is not shown', async () => {
  const home = folder();
  await muster(home, 'people', 'add', 'Bo');
  await muster(home, 'people', 'pin', 'Bo', '--pin-file', file('482913'));
  const run = await waiting(home);
  const terminal = atTerminal(home, 'resume', run, '--auto');
  await terminal.sees('p with their PIN');
  terminal.type('p\r');
  await terminal.sees('Who approves?');
  terminal.type('Bo\r');
  await terminal.sees('PIN of Bo:');
  terminal.type('482913\r');
  await terminal.sees('Outcome: succeeded');
  expect(await terminal.ended()).toBe(0);
  expect(terminal.shown()).not.toContain('482913');
  expect((await muster(home, 'report', run)).out).toContain('Approved with their PIN: Ask');
});

it('files are attached from the command line, also after the end, and stand in the report', async () => {
  const home = folder();
  const { out } = await muster(
    home,
    'run',
    runbook(annotated(shellStep('a', 'true'))),
    '--auto',
    '--json',
  );
  const run = summary(out).id;
  const picture = join(folder(), 'shot.png');
  writeFileSync(picture, Buffer.from('\x89PNG\r\n\x1a\nnot really', 'latin1'));
  expect((await muster(home, 'attach', run, picture, file('plain'), '--step', 'a')).code).toBe(0);
  expect((await muster(home, 'attach', run, picture, '--step', 'none')).err).toContain('no step');
  expect((await muster(home, 'attach', run, join(home, 'nothing'))).err).toContain(
    'could not be read',
  );
  const html = (await muster(home, 'report', run, '--format', 'html')).out;
  expect(html).toContain('src="data:image/png;base64,iVBORw0KGg');
  expect((await muster(home, 'report', run)).out).toMatch(
    /- Attached: shot\.png, 18 B, .* SHA-256 /,
  );
  expect((await muster(home, 'verify', run)).code).toBe(0);
  const db = new Database(join(home, 'muster.db'));
  db.exec("DROP TRIGGER attachments_keep; UPDATE attachments SET data = x'00', encoding = 'plain'");
  db.close();
  expect((await muster(home, 'verify', run)).out).toContain('The attachment shot.png was changed.');
});
