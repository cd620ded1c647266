import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { link } from '../core/ledger/chain.ts';
import { eventBodySchema } from '../core/run/events.ts';
import { annotated, folder, muster, runbook, shellStep, summary } from './test/muster.ts';

/** Somebody with the database in their hands changes the record, and `verify` names the place. */

const file = 'muster.db';
const verifier = join(import.meta.dirname, '..', '..', 'e2e', 'verifier', 'verify-ledger.mjs');

interface Row {
  seq: number;
  time: string;
  mono: number;
  session: string;
  body: string;
  prev: string;
}

async function ran(): Promise<{ home: string; run: string }> {
  const home = folder();
  const text = annotated(shellStep('a', 'echo one') + shellStep('b', 'echo two'));
  const { code, out } = await muster(home, 'run', runbook(text), '--auto', '--json');
  expect(code).toBe(0);
  return { home, run: summary(out).id };
}

function tamper(home: string, ...statements: [sql: string, ...values: unknown[]][]): void {
  const db = new Database(join(home, file));
  try {
    for (const [sql, ...values] of statements) db.prepare(sql).run(...values);
  } finally {
    db.close();
  }
}

/** Rewrites all events from `seq` on with hashes that fit: what a chain alone cannot show. */
function remake(home: string, run: string, seq: number, change: (body: object) => object): void {
  const db = new Database(join(home, file));
  try {
    const of = 'FROM events WHERE run = ? AND seq >= ? ORDER BY seq';
    const rows = db.prepare(`SELECT seq, time, mono, session, body, prev ${of}`).all(run, seq);
    db.exec('DROP TRIGGER events_keep');
    let previous: { seq: number; hash: string } | null = null;
    for (const row of rows as Row[]) {
      previous ??= { seq: row.seq - 1, hash: row.prev };
      const { time, mono, session } = row;
      const body = eventBodySchema.parse(change(JSON.parse(row.body)));
      const event = link(previous, { run, time, mono, session }, body, (text) =>
        createHash('sha256').update(text).digest('hex'),
      );
      db.prepare('UPDATE events SET body = ?, prev = ?, hash = ? WHERE run = ? AND seq = ?').run(
        JSON.stringify(event.body),
        event.prev,
        event.hash,
        run,
        event.seq,
      );
      previous = event;
    }
  } finally {
    db.close();
  }
}

async function verified(home: string, run: string): Promise<{ seq: number; why: string }> {
  const told = await muster(home, 'verify', run);
  expect(told.code).toBe(1);
  const { code, out } = await muster(home, 'verify', run, '--json');
  expect(code).toBe(1);
  const { bad } = JSON.parse(out) as { bad: { seq: number; why: string } };
  expect(told.out).toContain(`Run ${run}: event ${bad.seq} does not verify. ${bad.why} Events`);
  return bad;
}

/** What the verifier that shares no code with Muster says of the exported ledger. */
async function judged(home: string, run: string, ...key: string[]): Promise<unknown> {
  const { code, out } = await muster(home, 'report', run, '--format', 'jsonl');
  expect(code).toBe(0);
  const exported = join(folder(), 'run.jsonl');
  writeFileSync(exported, out);
  const { status, stdout } = spawnSync(process.execPath, [verifier, exported, ...key], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  const said: unknown = JSON.parse(stdout);
  expect(said).toMatchObject({ ok: status === 0 });
  return said;
}

describe('a ledger that nobody touched', () => {
  it('verifies, is signed to its end, and the other verifier agrees', async () => {
    const { home, run } = await ran();
    const { code, out } = await muster(home, 'verify', run, '--json');
    expect(code).toBe(0);
    const check = JSON.parse(out);
    expect(check).toMatchObject({
      bad: null,
      signed: { upTo: check.events, isOwn: true, fingerprint: check.key.fingerprint },
      key: { protection: 'file' },
    });
    expect(await judged(home, run, check.key.fingerprint)).toEqual({
      ok: true,
      events: check.events,
      head: check.head,
      signed: check.events,
    });
    const words = (await muster(home, 'verify', run)).out;
    expect(words).toContain(`Signed up to event ${check.events} of ${check.events}, at `);
    expect(words).toContain('not in a key store');
    const key = JSON.parse((await muster(home, 'key', '--json')).out);
    expect(key.fingerprint).toBe(check.key.fingerprint);
    const raw = Buffer.from(key.key, 'base64');
    expect(createHash('sha256').update(raw).digest('hex')).toBe(key.fingerprint);
    expect(statSync(join(home, 'keys', 'private.pem')).mode & 0o777).toBe(0o600);
  });

  it('with odd numbers and characters is the same to both', async () => {
    const home = folder();
    const steps =
      shellStep(
        'a',
        String.raw`printf '\001\033[1m"\\ \342\202\254 \377'; echo '{"x": "\u0000é😀"}'`,
        'timeout=1m',
      ) + shellStep('b', 'echo "tab\tend" >&2; exit 3', 'timeout=1m continue-on-error=true');
    const { out } = await muster(home, 'run', runbook(annotated(steps)), '--auto', '--json');
    const { id } = summary(out);
    expect((await muster(home, 'verify', id)).code).toBe(0);
    expect(await judged(home, id)).toMatchObject({ ok: true });
  });
});

describe('a ledger whose chain is sound', () => {
  it('shows by its signed head that its end is missing', async () => {
    const { home, run } = await ran();
    const { events } = JSON.parse((await muster(home, 'verify', run, '--json')).out);
    tamper(home, ['DROP TRIGGER events_stay'], ['DELETE FROM events WHERE seq >= ?', events - 1]);
    const bad = await verified(home, run);
    expect(bad).toEqual({
      seq: events - 1,
      why: `Event ${events - 1} is missing: a signed head says that there were ${events} events.`,
    });
    expect(await judged(home, run)).toMatchObject({ ok: false, seq: bad.seq });
  });

  it('shows that all of it was made anew', async () => {
    const { home, run } = await ran();
    remake(home, run, 4, (body) => ({ ...body, by: 'mallory' }));
    const bad = await verified(home, run);
    expect(bad.why).toContain('is not the one that was signed');
    expect(await judged(home, run)).toMatchObject({ ok: false, seq: bad.seq });
  });

  it('is as before where its heads are gone, but nothing vouches for it', async () => {
    const { home, run } = await ran();
    tamper(home, ['DROP TRIGGER heads_stay'], ['DELETE FROM run_heads']);
    const { code, out } = await muster(home, 'verify', run);
    expect(code).toBe(0);
    expect(out).toContain('No signature vouches for it.');
    expect(await judged(home, run)).toMatchObject({ ok: true, signed: 0 });
  });

  it('shows a head that somebody else signed for what it is', async () => {
    const { home, run } = await ran();
    const { fingerprint } = JSON.parse((await muster(home, 'key', '--json')).out);
    const { home: elsewhere } = await ran();
    rmSync(join(home, 'keys'), { recursive: true });
    cpSync(join(elsewhere, 'keys'), join(home, 'keys'), { recursive: true });
    const { out } = await muster(home, 'verify', run);
    expect(out).toContain(`by a key of another machine: ${fingerprint}`);
    const other = JSON.parse((await muster(home, 'key', '--json')).out);
    expect(await judged(home, run, other.fingerprint)).toMatchObject({ ok: true, signed: 0 });
  });

  it.each([
    ['signature', `signature = replace(signature, substr(signature, 1, 4), 'AAAA')`],
    ['time', `time = replace(time, 'T', 'T0')`],
    ['time', `time = '2020-01-01T00:00:00.000Z'`],
    ['key', `key = 'AAAA'`],
    ['hash', `hash = replace(hash, substr(hash, 1, 8), '00000000')`],
  ])('is not vouched for by a head whose %s was changed: %s', async (_name, change) => {
    const { home, run } = await ran();
    tamper(home, ['DROP TRIGGER heads_keep'], [`UPDATE run_heads SET ${change}`]);
    const told = await muster(home, 'verify', run);
    expect(told.code).not.toBe(0);
  });
});

describe('verify', () => {
  it('is not to be tampered with while the triggers stand', async () => {
    const { home } = await ran();
    expect(() => tamper(home, ['UPDATE events SET time = time'])).toThrow('append-only');
    expect(() => tamper(home, ['DELETE FROM events'])).toThrow('append-only');
    expect(() => tamper(home, ['UPDATE outputs SET length = 0'])).toThrow('append-only');
  });

  it('names the first event whose words were changed', async () => {
    const { home, run } = await ran();
    tamper(
      home,
      ['DROP TRIGGER events_keep'],
      [`UPDATE events SET body = replace(body, '"exitCode":0', '"exitCode":3') WHERE seq >= 5`],
    );
    expect((await verified(home, run)).seq).toBe(5);
    expect(await judged(home, run)).toMatchObject({ ok: false, seq: 5 });
  });

  it('names an event whose time was changed, however little', async () => {
    const { home, run } = await ran();
    tamper(
      home,
      ['DROP TRIGGER events_keep'],
      [`UPDATE events SET time = replace(time, 'Z', '1Z') WHERE seq = 6`],
    );
    expect((await verified(home, run)).seq).toBe(6);
    expect(await judged(home, run)).toMatchObject({ ok: false, seq: 6 });
  });

  it('names the place of an event that was taken out', async () => {
    const { home, run } = await ran();
    tamper(home, ['DROP TRIGGER events_stay'], ['DELETE FROM events WHERE seq = 4']);
    expect((await verified(home, run)).seq).toBe(4);
    expect(await judged(home, run)).toMatchObject({ ok: false, seq: 4 });
  });

  it('names the event that vouches for an output that was changed', async () => {
    const { home, run } = await ran();
    tamper(
      home,
      ['DROP TRIGGER outputs_keep'],
      [`UPDATE outputs SET data = ?, encoding = 'plain' WHERE step = 'a'`, Buffer.from('ONE\n')],
    );
    const bad = await verified(home, run);
    expect(bad.why).toBe('The output of a, attempt 1, was changed.');
    expect(await judged(home, run)).toMatchObject({ ok: false, seq: bad.seq });
  });

  it('is not misled by an event that is the same in other words', async () => {
    const { home, run } = await ran();
    tamper(
      home,
      ['DROP TRIGGER events_keep'],
      ['DROP TRIGGER outputs_keep'],
      [
        `UPDATE events SET body = replace(body, '"kind":"step.acted"', '"kind": "step.a\\u0063ted"')`,
      ],
      [`UPDATE outputs SET data = ?, encoding = 'plain' WHERE step = 'a'`, Buffer.from('ONE\n')],
    );
    const bad = await verified(home, run);
    expect(bad.why).toBe('The output of a, attempt 1, was changed.');
    expect(await judged(home, run)).toMatchObject({ ok: false, seq: bad.seq });
  });

  it('names the event that vouches for the text of the runbook', async () => {
    const { home, run } = await ran();
    const forged = annotated(shellStep('a', 'echo something else'));
    tamper(
      home,
      ['DROP TRIGGER texts_keep'],
      [
        `UPDATE runbook_texts SET data = ?, encoding = 'plain', length = ?`,
        Buffer.from(forged),
        forged.length,
      ],
    );
    const bad = await verified(home, run);
    expect(bad).toEqual({ seq: 1, why: "The runbook's text is not the one that ran." });
    expect(await judged(home, run)).toMatchObject({ ok: false, seq: 1 });
  });

  it.each([
    ['an output', 'outputs_keep', 'UPDATE outputs SET data = ?', /^The output of a/],
    ['the text', 'texts_keep', 'UPDATE runbook_texts SET data = ?', /text/],
  ])('names %s that cannot even be read', async (_name, trigger, sql, why) => {
    const { home, run } = await ran();
    const nonsense = Buffer.from([0xff, 0xfe, 0xfd]);
    tamper(home, [`DROP TRIGGER ${trigger}`], [`${sql}, encoding = 'deflate'`, nonsense]);
    expect((await verified(home, run)).why).toMatch(why);
  });

  it('names an event that is no JSON any more', async () => {
    const { home, run } = await ran();
    tamper(
      home,
      ['DROP TRIGGER events_keep'],
      [`UPDATE events SET body = 'nonsense' WHERE seq = 3`],
    );
    expect(await verified(home, run)).toEqual({ seq: 3, why: 'Event 3 cannot be read.' });
  });

  it('of a run that waits: the list still shows it and the others, and resuming says why not', async () => {
    const { home, run } = await ran();
    const hand = runbook(annotated('### Look\n- [ ] look\n'));
    const waiting = summary((await muster(home, 'run', hand, '--json')).out).id;
    tamper(
      home,
      ['DROP TRIGGER events_keep'],
      ['UPDATE events SET body = ? WHERE run = ? AND seq = 2', '[]', waiting],
    );
    const list = await muster(home, 'runs');
    expect(list.code).toBe(0);
    expect(list.out).toContain(run);
    expect(list.out).toContain(waiting);
    const resumed = await muster(home, 'resume', waiting);
    expect(resumed.code).toBe(2);
    expect(resumed.err).toContain(`The record of run ${waiting}, event 2 cannot be read.`);
    expect(resumed.err).toContain('The file is left as it is; other runs are not affected.');
    expect((await muster(home, 'verify', run)).code).toBe(0);
  });
});
