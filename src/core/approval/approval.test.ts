import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MusterError } from '../problem.ts';
import { longestBlock, readBlock, writeBlock } from './armour.ts';
import { refuseApprover, refuseStatement } from './check.ts';
import { readApproval, readPublicKey, readRequest, writeApproval, writeRequest } from './files.ts';
import { handleOf, isSamePerson, nameFault } from './names.ts';
import { type Statement, stateFor, statementSchema, statementText } from './statement.ts';

const now = Date.parse('2026-03-01T03:00:00.000Z');
const subject = {
  run: '20260301-030000-abcd',
  runTitle: 'Restore orders',
  step: 'cut-over',
  attempt: 1,
  title: 'Cut over “now”',
  does: 'Point the service at the restored database.\nNothing goes back by itself.',
  runbook: 'a'.repeat(64),
};
const head = 'b'.repeat(64);
const statement = stateFor(subject, { by: 'ada', head, now });
const knows = (hash: string) => hash === head;

const statements: fc.Arbitrary<Statement> = fc
  .record({
    run: fc.string({ minLength: 1, maxLength: 40 }),
    runTitle: fc.string({ unit: 'grapheme', maxLength: 60 }),
    step: fc.string({ minLength: 1, maxLength: 40 }),
    attempt: fc.integer({ min: 1, max: 1_000 }),
    title: fc.string({ unit: 'grapheme', maxLength: 60 }),
    does: fc.string({ unit: 'grapheme', maxLength: 2_000 }),
    by: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    at: fc.integer({ min: 0, max: 4e12 }),
  })
  .map(({ by, at, ...rest }) =>
    stateFor({ ...rest, runbook: 'a'.repeat(64) }, { by, head, now: at }),
  );

/** What mail, chat and people do to a text. */
const journeys: fc.Arbitrary<(text: string) => string> = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.replaceAll('\n', '\r\n'),
  (text: string) => `\ufeff\n\n   ${text}   \n\t\n`,
  (text: string) => `Hi, please look:\n\n\`\`\`text\n${text}\`\`\`\nThanks, Ada`,
  (text: string) => text.replace(/^/gm, '> '),
  (text: string) => text.replace(/^/gm, '    '),
  (text: string) => text.replaceAll('-----', '—–'),
  (text: string) => text.replaceAll('\n', ' '),
  (text: string) => text.replaceAll(' ', '\u00a0'),
);

describe('a request on its way', () => {
  it('comes back as it was, through mail and chat', () => {
    fc.assert(
      fc.property(statements, journeys, journeys, (given, first, second) => {
        expect(readRequest(second(first(writeRequest(given))), 'r.txt')).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });

  it('is plain ASCII in short lines', () => {
    const text = writeRequest(statement);
    expect(text).toMatch(/^[\n -~]*$/);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(76);
  });

  it('takes no text for a request that is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const read = readBlock('request', `BEGIN MUSTER APPROVAL REQUEST${text}`);
        if (read.ok) expect(() => readRequest(text, 'r')).toThrow(MusterError);
      }),
    );
    const long = `${writeRequest(statement)}${' '.repeat(longestBlock)}`;
    expect(() => readRequest(long, 'r')).toThrow(MusterError);
    expect(() => readRequest(writeRequest(statement).repeat(2), 'r')).toThrow('more than one');
    expect(() => readRequest(writeRequest(statement).slice(0, -45), 'r')).toThrow('end is missing');
    expect(() => readApproval(writeRequest(statement), 'r')).toThrow('no MUSTER SIGNED APPROVAL');
    expect(() => readPublicKey('', 'k')).toThrow('no MUSTER APPROVER KEY');
  });

  it('is refused with fields that are missing, more or of another version', () => {
    const made = { format: 'muster-approval-request', version: 1, statement };
    const refused = (value: unknown) => () => readRequest(writeBlock('request', value), 'r');
    expect(refused(made)).not.toThrow();
    expect(refused({ ...made, version: 2 })).toThrow('newer Muster');
    expect(refused({ ...made, more: 1 })).toThrow('form');
    expect(refused({ ...made, statement: { ...statement, more: 1 } })).toThrow('form');
    expect(refused({ ...made, statement: { ...statement, head: 'x' } })).toThrow('form');
    expect(refused(null)).toThrow('form');
  });
});

it('a signed approval comes back as it was', () => {
  const signature = `${'A'.repeat(86)}==`;
  const text = writeApproval({ statement, approver: 'Bo', key: head, signature });
  expect(readApproval(text, 'a')).toMatchObject({
    statement,
    approver: 'Bo',
    key: head,
    signature,
  });
});

it('equal statements have one text, and different ones have two', () => {
  fc.assert(
    fc.property(statements, statements, (one, other) => {
      const shuffled = Object.fromEntries(Object.entries(one).reverse());
      expect(statementText(statementSchema.parse(shuffled))).toBe(statementText(one));
      const equal = JSON.stringify(one) === JSON.stringify(other);
      expect(statementText(one) === statementText(other)).toBe(equal);
    }),
  );
});

describe('a statement', () => {
  const refused = (changed: Partial<Statement>, at = now) =>
    refuseStatement({ ...statement, ...changed }, subject, knows, at)?.code ?? null;

  it('counts while it says what would happen', () => {
    expect(refused({})).toBeNull();
    expect(refused({}, Date.parse(statement.expiresAt) - 1)).toBeNull();
  });

  it.each([
    ['of another run', { run: 'other' }, 'approval-other-run'],
    ['of another step', { step: 'other' }, 'approval-other-step'],
    ['of an earlier attempt', { attempt: 2 }, 'approval-other-step'],
    ['with another text', { does: 'Something else.' }, 'approval-outdated'],
    ['with another title', { title: 'Other' }, 'approval-outdated'],
    ['of another runbook', { runbook: 'c'.repeat(64) }, 'approval-outdated'],
    ['on another history', { head: 'c'.repeat(64) }, 'approval-outdated'],
  ] as const)('%s does not', (_name, changed, code) => {
    expect(refused(changed)).toBe(code);
  });

  it('does not count any more when it has expired', () => {
    expect(refused({}, Date.parse(statement.expiresAt))).toBe('approval-expired');
  });
});

describe('names', () => {
  it('are the same in any case and spacing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), (name) => {
        expect(isSamePerson(name, `  ${name.toUpperCase()}\t`)).toBe(true);
        expect(handleOf(handleOf(name))).toBe(handleOf(name));
      }),
    );
    expect(isSamePerson('Ada  Lovelace', ' ada lovelace')).toBe(true);
    expect(isSamePerson('ﬁnn', 'finn')).toBe(true);
    expect(isSamePerson('ada', 'bo')).toBe(false);
  });

  it.each(['', '   ', 'a\u202eb', 'a\u0000', 'x'.repeat(81), ' Muster '])('refuse %j', (name) => {
    expect(nameFault(name)).not.toBeNull();
  });

  it('nobody approves their own step, however they spell themselves', () => {
    expect(refuseApprover(' ADA ', ['Ada', 'Cy'])?.code).toBe('approval-own-step');
    expect(refuseApprover('cy', ['Ada', 'Cy'])?.code).toBe('approval-own-step');
    expect(refuseApprover('Bo', ['Ada', 'Cy'])).toBeNull();
    expect(refuseApprover('Bo', ['Ada'], ['Cy', ' bo '])).toBeNull();
    expect(refuseApprover('Bo', ['Ada'], ['Cy'])?.code).toBe('approval-not-named');
    expect(refuseApprover('Ada', ['Ada'], ['Ada'])?.code).toBe('approval-own-step');
  });
});
