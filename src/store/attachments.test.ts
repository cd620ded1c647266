import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folder, problemOf, store } from './test/fixtures.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const whole = (pieces: Iterable<Uint8Array>) => Buffer.concat([...pieces]);

describe('attachments', () => {
  it('come back as they were, however they were cut, kept once', () => {
    const opened = store();
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 5 }), (pieces) => {
        const bytes = whole(pieces);
        const id = sha256(bytes);
        opened.attachments.keep(id, pieces);
        opened.attachments.keep(id, [new Uint8Array([1])]);
        expect(opened.attachments.has(id)).toBe(true);
        expect(whole(opened.attachments.read(id)).equals(bytes)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('are read in small pieces, and nothing of what is not there', () => {
    const opened = store();
    const bytes = randomBytes(700_001);
    opened.attachments.keep('large', [bytes]);
    const pieces = [...opened.attachments.read('large')];
    expect(pieces.map(({ length }) => length)).toEqual([262_144, 262_144, 175_713]);
    expect(whole(pieces).equals(bytes)).toBe(true);
    expect(opened.attachments.has('other')).toBe(false);
    expect([...opened.attachments.read('other')]).toEqual([]);
  });

  it('cannot be changed, and damage is named', () => {
    const home = folder();
    const opened = store(home);
    opened.attachments.keep('a', [Buffer.from('x'.repeat(5_000))]);
    const db = new Database(join(home, 'muster.db'));
    expect(() => db.exec('DELETE FROM attachments')).toThrow('append-only');
    db.exec("DROP TRIGGER attachments_keep; UPDATE attachments SET data = x'00ff'");
    db.close();
    expect(problemOf(() => [...opened.attachments.read('a')]).code).toBe('ledger-damaged');
  });
});

describe('people', () => {
  const ada = {
    handle: 'ada',
    name: 'Ada',
    publicKey: null,
    createdAt: '2026-03-01T03:00:00.000Z',
  };

  it('are added once, listed by name, and removed', () => {
    const { people } = store();
    expect(people.add({ ...ada, publicKey: new Uint8Array([1, 2]) })).toBe(true);
    expect(people.add({ ...ada, name: 'Another' })).toBe(false);
    people.add({ ...ada, handle: 'aaron', name: 'Aaron' });
    expect(people.list().map(({ name }) => name)).toEqual(['Aaron', 'Ada']);
    expect([...(people.get('ada')?.publicKey ?? [])]).toEqual([1, 2]);
    expect(people.remove('ada')).toBe(true);
    expect(people.remove('ada')).toBe(false);
    expect(people.get('ada')).toBeNull();
  });

  it('keep the count of wrong PINs when the store is opened again', () => {
    const home = folder();
    const first = store(home);
    first.people.add(ada);
    first.people.setPin('ada', '{}');
    first.people.countWrongPin('ada', '2026-03-01T03:00:01.000Z');
    first.people.countWrongPin('ada', '2026-03-01T03:00:02.000Z');
    const { people } = store(home);
    expect(people.get('ada')).toMatchObject({ wrongPins: 2, wrongAt: '2026-03-01T03:00:02.000Z' });
    people.forgetWrongPins('ada');
    expect(people.get('ada')).toMatchObject({ wrongPins: 0, wrongAt: null, pin: '{}' });
  });
});
