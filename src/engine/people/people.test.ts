import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPublicKey, readRequest, writePublicKey } from '../../core/approval/files.ts';
import { MusterError } from '../../core/problem.ts';
import type { Store } from '../../store/open.ts';
import { addRun, notes } from '../../store/test/events.ts';
import { folder, store } from '../../store/test/fixtures.ts';
import {
  approveByFile,
  approveByPin,
  badApproval,
  requestApproval,
  signRequest,
} from './approvals.ts';
import { approverKeyFile, makeApproverKey, openApproverKey, ownPublicKey } from './approver-key.ts';
import { checkPin, hashPin } from './pin.ts';
import { addPerson, listPeople, personNamed, removePerson, setPin } from './registry.ts';

const codeOf = async (work: Promise<unknown> | (() => unknown)): Promise<string> => {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (thrown) {
    if (thrown instanceof MusterError) return thrown.problem.code;
    throw thrown;
  }
  return 'nothing was refused';
};

const subject = {
  run: 'r',
  runTitle: 'Restore',
  step: 'cut',
  attempt: 1,
  title: 'Cut over',
  does: 'Point the service at the restored database.',
  runbook: 'f'.repeat(64),
};
const owners = ['ada'];
const named: string[] = [];
const passphrase = 'correct horse battery';

function withRun(home = folder()): Store {
  const opened = store(home);
  addRun(opened, 'r');
  opened.events.append(notes('r', 3));
  return opened;
}

describe('a PIN', () => {
  const now = Date.parse('2026-03-01T03:00:00.000Z');

  it.each(['12345', '111111', '123456', '987654', ' abc '])('%j is too weak', async (pin) => {
    expect(await codeOf(hashPin(pin))).toBe('pin-too-weak');
  });

  it('is kept salted, and never as it is', async () => {
    const [one, other] = await Promise.all([hashPin('482913'), hashPin('482913')]);
    expect(one).not.toBe(other);
    expect(one).not.toContain('482913');
  });

  it('is asked for with pauses that grow, survive a restart, and end with the right one', async () => {
    const home = folder();
    const opened = store(home);
    addPerson(opened, 'Bo', null);
    const bo = personNamed(opened, ' BO ');
    expect(await codeOf(checkPin(opened, bo, '482913', now))).toBe('pin-missing');
    await setPin(opened, 'bo', { old: null, new: '482913' });
    for (let i = 0; i < 5; i++) {
      expect(await codeOf(checkPin(opened, bo, '000001', now))).toBe('pin-wrong');
    }
    expect(await codeOf(checkPin(opened, bo, '482913', now))).toBe('pin-locked');
    const again = store(home);
    expect(await codeOf(checkPin(again, bo, '482913', now + 29_999))).toBe('pin-locked');
    expect(await codeOf(checkPin(again, bo, '000001', now + 30_000))).toBe('pin-wrong');
    expect(await codeOf(checkPin(again, bo, '482913', now + 30_000 + 59_999))).toBe('pin-locked');
    // A clock that is set back opens nothing.
    expect(await codeOf(checkPin(again, bo, '482913', now - 1e9))).toBe('pin-locked');
    await checkPin(again, bo, '482913', now + 30_000 + 60_000);
    expect(again.people.get('bo')).toMatchObject({ wrongPins: 0 });
  });

  it('counts a try that was never finished', async () => {
    const opened = store();
    addPerson(opened, 'Bo', null);
    await setPin(opened, 'Bo', { old: null, new: '482913' });
    const bo = personNamed(opened, 'Bo');
    const unfinished = checkPin(opened, bo, '482913', now);
    expect(opened.people.get('bo')?.wrongPins).toBe(1);
    await unfinished;
  });

  it('is changed only by who knows it', async () => {
    const opened = store();
    addPerson(opened, 'Bo', null);
    await setPin(opened, 'Bo', { old: null, new: '482913' });
    expect(await codeOf(setPin(opened, 'Bo', { old: null, new: '771203' }))).toBe('pin-wrong');
    await setPin(opened, 'Bo', { old: '482913', new: '771203' });
    await checkPin(opened, personNamed(opened, 'Bo'), '771203', now);
  });
});

describe('people', () => {
  it('are told apart by name, and show nothing secret', async () => {
    const opened = store();
    addPerson(opened, 'Bo', new Uint8Array(32));
    expect(await codeOf(() => addPerson(opened, ' bo', null))).toBe('person-known');
    expect(await codeOf(() => addPerson(opened, 'muster', null))).toBe('person-name');
    await setPin(opened, 'Bo', { old: null, new: '482913' });
    expect(listPeople(opened)).toEqual([
      {
        name: 'Bo',
        key: expect.stringMatching(/^[0-9a-f]{64}$/),
        hasPin: true,
        createdAt: expect.anything(),
      },
    ]);
    removePerson(opened, 'BO');
    expect(await codeOf(() => removePerson(opened, 'bo'))).toBe('person-unknown');
  });
});

describe("an approver's own key", () => {
  it('is private, opens with its passphrase alone, and is never made twice', async () => {
    const home = folder();
    expect(ownPublicKey(home)).toBeNull();
    expect(await codeOf(makeApproverKey(home, 'short'))).toBe('passphrase-too-short');
    const key = await makeApproverKey(home, passphrase);
    const file = approverKeyFile(home);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(ownPublicKey(home)).toBe(key);
    await expect(makeApproverKey(home, passphrase)).rejects.toThrow('EEXIST');
    expect(ownPublicKey(home)).toBe(key);
    expect(await codeOf(openApproverKey(home, 'wrong passphrase'))).toBe('approver-key-passphrase');
    const opened = await openApproverKey(home, passphrase);
    expect(opened.publicKey.toString('base64')).toBe(key);
    expect(readFileSync(file, 'utf8')).not.toContain(
      opened.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    );
  });

  it('is not believed with another public part beside it', async () => {
    const home = folder();
    const key = await makeApproverKey(home, passphrase);
    const file = approverKeyFile(home);
    const other = Buffer.alloc(32, 7).toString('base64');
    writeFileSync(file, readFileSync(file, 'utf8').replace(key, other));
    expect(await codeOf(openApproverKey(home, passphrase))).toBe('approver-key-passphrase');
    writeFileSync(file, '{}');
    expect(await codeOf(() => ownPublicKey(home))).toBe('approver-key-unreadable');
  });
});

describe('an approval on this machine', () => {
  it('takes the PIN of somebody else', async () => {
    const opened = withRun();
    for (const name of ['Ada', 'Bo']) {
      addPerson(opened, name, null);
      await setPin(opened, name, { old: null, new: '482913' });
    }
    const by = (name: string, pin = '482913') =>
      approveByPin(opened, { subject, owners, named }, { name, pin, askedBy: 'ada' });
    expect(await codeOf(by('Ada'))).toBe('approval-own-step');
    expect(await codeOf(by('Cy'))).toBe('person-unknown');
    expect(await codeOf(by('Bo', '000001'))).toBe('pin-wrong');
    const approval = await by('bo');
    expect(approval).toMatchObject({ approver: 'Bo', method: 'pin', key: null, signature: null });
    expect(JSON.parse(approval.text)).toMatchObject({
      ...subject,
      head: opened.events.head('r')?.hash,
      requestedBy: 'ada',
    });
    expect(badApproval(opened, approval)).toBe('What was approved is missing.');
    opened.texts.keep(approval.statement, approval.text);
    expect(badApproval(opened, approval)).toBeNull();
  });
});

describe('an approval by file', () => {
  let boHome: string;
  let boKey: Uint8Array;
  beforeAll(async () => {
    boHome = mkdtempSync(join(tmpdir(), 'muster-bo-'));
    const text = writePublicKey(await makeApproverKey(boHome, passphrase));
    boKey = Buffer.from(readPublicKey(text.replaceAll('\n', '\r\n> '), 'key'), 'base64');
    return () => rmSync(boHome, { recursive: true });
  });

  async function signed(opened: Store, change = {}, name = 'Bo'): Promise<string> {
    const request = readRequest(requestApproval(opened, subject, 'ada'), 'request');
    return signRequest(boHome, { ...request, ...change }, { name, passphrase });
  }

  it('counts for the step that was asked for, with the key that is known', async () => {
    const opened = withRun();
    const text = await signed(opened);
    const approve = (change = {}) =>
      approveByFile(
        opened,
        { subject: { ...subject, ...change }, owners, named },
        { text, file: 'a' },
      );
    expect(await codeOf(() => approve())).toBe('person-unknown');
    addPerson(opened, 'Bo', null);
    expect(await codeOf(() => approve())).toBe('approval-key-missing');
    removePerson(opened, 'Bo');
    addPerson(opened, 'Bo', boKey);
    const approval = approve();
    expect(approval).toMatchObject({ approver: 'Bo', method: 'file' });
    opened.texts.keep(approval.statement, approval.text);
    expect(badApproval(opened, approval)).toBeNull();
    expect(badApproval(opened, { ...approval, approver: 'Cy' })).toContain('not signed by Cy');

    expect(await codeOf(() => approve({ run: 'other' }))).toBe('approval-other-run');
    expect(await codeOf(() => approve({ step: 'other' }))).toBe('approval-other-step');
    expect(await codeOf(() => approve({ attempt: 2 }))).toBe('approval-other-step');
    expect(await codeOf(() => approve({ does: 'Drop it.' }))).toBe('approval-outdated');
    const late = { text, file: 'a', now: Date.now() + 25 * 60 * 60 * 1000 };
    expect(await codeOf(() => approveByFile(opened, { subject, owners, named }, late))).toBe(
      'approval-expired',
    );
    expect(
      await codeOf(() =>
        approveByFile(opened, { subject, owners: [' BO'], named }, { text, file: 'a' }),
      ),
    ).toBe('approval-own-step');
  });

  it('counts on although notes were added since, and not for another history', async () => {
    const opened = withRun();
    addPerson(opened, 'Bo', boKey);
    const text = await signed(opened);
    const last = opened.events.read('r').at(-1) ?? null;
    opened.events.append(notes('r', 1, last));
    const awaited = { subject, owners, named };
    expect(approveByFile(opened, awaited, { text, file: 'a' }).approver).toBe('Bo');
    const foreign = await signed(opened, { head: 'c'.repeat(64) });
    expect(await codeOf(() => approveByFile(opened, awaited, { text: foreign, file: 'a' }))).toBe(
      'approval-outdated',
    );
  });

  it('is worth nothing in another name or with any bit of it changed', async () => {
    const opened = withRun();
    addPerson(opened, 'Bo', boKey);
    addPerson(opened, 'Cy', Buffer.alloc(32, 1));
    const approve = (text: string) => () =>
      approveByFile(opened, { subject, owners, named }, { text, file: 'a' });
    expect(await codeOf(approve(await signed(opened, {}, 'Cy')))).toBe('approval-signature');
    const text = await signed(opened);
    approve(text)();
    const start = text.indexOf('\n') + 1;
    const end = text.lastIndexOf('-----END');
    for (let at = start; at < end; at += 7) {
      const char = text[at];
      if (char === '\n' || char === '=') continue;
      const changed = text.slice(0, at) + (char === 'A' ? 'B' : 'A') + text.slice(at + 1);
      expect(await codeOf(approve(changed))).toMatch(/^(approval-|person-unknown)/);
    }
  });

  it('is not signed for what one asked for oneself, nor after its time', async () => {
    const opened = withRun();
    const request = readRequest(requestApproval(opened, subject, 'Bo'), 'r');
    const sign = (more = {}) => signRequest(boHome, request, { name: 'bo', passphrase, ...more });
    expect(await codeOf(sign())).toBe('approval-own-step');
    const late = { name: 'Cy', now: Date.parse(request.expiresAt) };
    expect(await codeOf(sign(late))).toBe('approval-expired');
  });
});
