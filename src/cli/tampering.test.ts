import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { annotated, folder, muster, runbook, shellStep, summary } from './test/muster.ts';

/** Somebody with the database in their hands changes the record, and `verify` names the place. */

const file = 'muster.db';

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

async function verified(home: string, run: string): Promise<{ seq: number; why: string }> {
  const told = await muster(home, 'verify', run);
  expect(told.code).toBe(1);
  const { code, out } = await muster(home, 'verify', run, '--json');
  expect(code).toBe(1);
  const { bad } = JSON.parse(out) as { bad: { seq: number; why: string } };
  expect(told.out).toContain(`Run ${run}: event ${bad.seq} does not verify. ${bad.why} Events`);
  return bad;
}

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
  });

  it('names an event whose time was changed, however little', async () => {
    const { home, run } = await ran();
    tamper(
      home,
      ['DROP TRIGGER events_keep'],
      [`UPDATE events SET time = replace(time, 'Z', '1Z') WHERE seq = 6`],
    );
    expect((await verified(home, run)).seq).toBe(6);
  });

  it('names the place of an event that was taken out', async () => {
    const { home, run } = await ran();
    tamper(home, ['DROP TRIGGER events_stay'], ['DELETE FROM events WHERE seq = 4']);
    expect((await verified(home, run)).seq).toBe(4);
  });

  it('names the event that vouches for an output that was changed', async () => {
    const { home, run } = await ran();
    tamper(
      home,
      ['DROP TRIGGER outputs_keep'],
      [`UPDATE outputs SET data = ?, encoding = 'plain' WHERE step = 'a'`, Buffer.from('ONE\n')],
    );
    expect((await verified(home, run)).why).toBe('The output of a, attempt 1, was changed.');
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
