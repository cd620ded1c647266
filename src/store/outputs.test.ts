import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { OutputRow } from './outputs.ts';
import { addRun, bytes } from './test/events.ts';
import { folder, problemOf, store } from './test/fixtures.ts';

function chunk(at: number, text: string, more: Partial<OutputRow> = {}): OutputRow {
  const kept = bytes(text);
  return {
    run: 'r',
    step: 's',
    attempt: 1,
    stream: 'out',
    at,
    bytes: kept,
    source: kept.length,
    ...more,
  };
}

function opened() {
  const home = folder();
  const made = store(home);
  addRun(made, 'r');
  return { home, outputs: made.outputs };
}

const texts = (found: { bytes: Uint8Array }[]) =>
  found.map((f) => new TextDecoder().decode(f.bytes));

describe('outputs', () => {
  it('read on from any byte, in whole chunks up to the limit', () => {
    const { outputs } = opened();
    outputs.append(chunk(0, 'one '));
    outputs.append(chunk(4, 'two ', { stream: 'err' }));
    outputs.append(chunk(8, 'three'));
    expect(outputs.read('r', 's', 1, 0, 100)).toEqual([
      { stream: 'out', at: 0, bytes: expect.anything() },
      { stream: 'err', at: 4, bytes: expect.anything() },
      { stream: 'out', at: 8, bytes: expect.anything() },
    ]);
    expect(texts(outputs.read('r', 's', 1, 0, 100))).toEqual(['one ', 'two ', 'three']);
    expect(texts(outputs.read('r', 's', 1, 2, 100))).toEqual(['e ', 'two ', 'three']);
    expect(outputs.read('r', 's', 1, 2, 100)[0]?.at).toBe(2);
    expect(texts(outputs.read('r', 's', 1, 4, 7))).toEqual(['two ']);
    expect(texts(outputs.read('r', 's', 1, 8, 3))).toEqual(['thr']);
    expect(outputs.read('r', 's', 1, 13, 100)).toEqual([]);
    expect(outputs.read('r', 's', 2, 0, 100)).toEqual([]);
    expect(outputs.read('r', 'other', 1, 0, 100)).toEqual([]);
  });

  it('know how far each spool file was used, also where nothing was kept', () => {
    const { outputs } = opened();
    expect(outputs.size('r', 's', 1)).toEqual({
      kept: 0,
      source: { out: 0, err: 0, terminal: 0, evidence: 0 },
    });
    outputs.append(chunk(0, '', { source: 10 }));
    outputs.append(chunk(0, '', { source: 5 }));
    outputs.append(chunk(0, '***', { source: 20 }));
    outputs.append(chunk(3, '', { source: 1, stream: 'err' }));
    outputs.append(chunk(3, 'ab', { source: 2, stream: 'err' }));
    expect(outputs.size('r', 's', 1)).toEqual({
      kept: 5,
      source: { out: 35, err: 3, terminal: 0, evidence: 0 },
    });
    expect(texts(outputs.read('r', 's', 1, 0, 100))).toEqual(['***', 'ab']);
    expect(texts(outputs.read('r', 's', 1, 3, 100))).toEqual(['ab']);
  });

  it('refuse a gap and a repeat', () => {
    const { outputs } = opened();
    outputs.append(chunk(0, 'abc'));
    expect(problemOf(() => outputs.append(chunk(4, 'x'))).code).toBe('output-gap');
    expect(problemOf(() => outputs.append(chunk(0, 'abc'))).code).toBe('output-gap');
    expect(outputs.size('r', 's', 1).kept).toBe(3);
  });

  it('keep any bytes, deflated where that pays', () => {
    const { home, outputs } = opened();
    const flood = 'the same line again\n'.repeat(5_000);
    const noise = new Uint8Array(4_096).map((_, i) => (i * 7919 * (i + 13)) & 0xff);
    outputs.append(chunk(0, flood));
    outputs.append({ ...chunk(flood.length, ''), bytes: noise, source: noise.length });
    const found = outputs.read('r', 's', 1, 0, 1_000_000);
    expect(new TextDecoder().decode(found[0]?.bytes)).toBe(flood);
    expect(Buffer.from(found[1]?.bytes ?? []).equals(noise)).toBe(true);
    const db = new Database(join(home, 'muster.db'));
    const stored = db.prepare('SELECT length(data) AS size FROM outputs WHERE at = 0').get();
    db.close();
    expect(stored).toEqual({ size: expect.any(Number) });
    expect((stored as { size: number }).size).toBeLessThan(flood.length / 20);
  });

  it('name the run and the step of a chunk that cannot be read', () => {
    const { home, outputs } = opened();
    const db = new Database(join(home, 'muster.db'));
    db.exec(
      `INSERT INTO outputs VALUES ('r', 's', 1, 0, 0, 'out', 100, 100, 'deflate', x'00112233')`,
    );
    db.close();
    const problem = problemOf(() => outputs.read('r', 's', 1, 0, 10));
    expect(problem.code).toBe('ledger-damaged');
    expect(problem.what).toContain('run r, output of step s');
  });
});
