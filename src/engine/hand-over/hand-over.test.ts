import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { link, verifyChain } from '../../core/ledger/chain.ts';
import { MusterError } from '../../core/problem.ts';
import type { EventBody, RunEvent } from '../../core/run/events.ts';
import { acted, createdOf, phaseOf, runbookOf, started, stepOf } from '../../core/run/fixture.ts';
import type { Store } from '../../store/open.ts';
import { folder, store } from '../../store/test/fixtures.ts';
import { thisHolder } from '../holder.ts';
import { verifyRun } from '../record.ts';
import { type HandOver, handOver } from './hand-over.ts';
import { readRecords, writeRecord } from './records.ts';
import { openSealed, writeSealed } from './sealed-file.ts';
import { takeOver } from './take-over.ts';

// What a passphrase costs to try is not what is tested here; a hundred of them would take minutes.
vi.mock('../sealing/derive-key.ts', async (original) => ({
  ...(await original<typeof import('../sealing/derive-key.ts')>()),
  passphraseLogN: 14,
}));

const passphrase = 'four words of nothing';
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const holder = thisHolder('cli');
const run = '20260301-030000-abcd';
const text = '# Restore\n\n## All\n\n### Look\n\nLook.\n';

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof MusterError) return thrown.problem.code;
    throw thrown;
  }
  return 'nothing was refused';
}

function record(to: Store, bodies: readonly EventBody[]): void {
  for (const body of bodies) {
    const head = to.events.head(run);
    const stamp = { run, time: '2026-03-01T03:00:00.000Z', mono: 1, session: 's' };
    to.events.append([link(head, stamp, body, sha256)]);
  }
}

/** A run with an output, an attachment and an approval. */
function withRun(home = folder(), more: EventBody[] = [], output = randomBytes(3_000)): Store {
  const made = store(home);
  made.transaction(() => {
    const row = { id: run, sha256: sha256(text), title: 'Restore', path: '/books/restore.md' };
    made.runs.create({ ...row, createdAt: '2026-03-01T03:00:00.000Z' });
    made.texts.keep(sha256(text), text);
    const picture = randomBytes(1_000);
    made.attachments.keep(sha256(picture), [picture]);
    const half = Math.floor(output.length / 2);
    const piece = { run, step: 'a', attempt: 1, source: 1 } as const;
    made.outputs.append({ ...piece, stream: 'out', at: 0, bytes: output.subarray(0, half) });
    made.outputs.append({ ...piece, stream: 'err', at: half, bytes: output.subarray(half) });
    made.texts.keep(sha256('{"approved":1}'), '{"approved":1}');
    const attachment = {
      name: 'shot.png',
      mediaType: 'application/octet-stream',
      bytes: picture.length,
      sha256: sha256(picture),
    };
    const created = createdOf(runbookOf([phaseOf('All', [stepOf('a'), stepOf('b')])]));
    record(made, [
      { ...created, operator: 'ada', sha256: sha256(text) },
      { kind: 'run.driven', by: 'ada', surface: 'cli', session: 's' },
      started('a'),
      acted('a', 1, { output: { bytes: output.length, sha256: sha256(output) } }),
      {
        kind: 'step.approved',
        step: 'a',
        attempt: 1,
        approver: 'cy',
        method: 'pin',
        statement: sha256('{"approved":1}'),
        key: null,
        signature: null,
      },
      {
        kind: 'step.ended',
        step: 'a',
        attempt: 1,
        outcome: 'succeeded',
        by: 'ada',
        answer: null,
        proves: [],
        recoveryPoint: null,
        problem: null,
      },
      { kind: 'attachment.added', step: null, attachment, by: 'ada' },
      ...more,
    ]);
  });
  return made;
}

function give(from: Store, file: string, change: Partial<HandOver> = {}, operator = 'ada') {
  const wanted = { run, to: 'bo', reason: 'End of my shift.', file, passphrase, ...change };
  return handOver(from, wanted, { operator, holder, session: 's', version: '0.0.0' });
}

function take(to: Store, file: string, change = {}, operator = 'bo') {
  return takeOver(to, { file, passphrase, back: false, ...change }, { operator, session: 't' });
}

function contentIn(of: Store) {
  const outputs = of.outputs.attempts(run).map(({ step, attempt }) => {
    const hash = createHash('sha256');
    const bytesOf: Record<string, number> = {};
    for (const { stream, bytes } of of.outputs.read(run, step, attempt, 0, 1e9)) {
      hash.update(bytes);
      bytesOf[stream] = (bytesOf[stream] ?? 0) + bytes.length;
    }
    return { step, attempt, bytesOf, sha256: hash.digest('hex') };
  });
  return { row: of.runs.get(run), outputs, text: of.texts.read(sha256(text)) };
}

const kinds = (of: Store) => of.events.read(run).map(({ body }) => body.kind);

describe('a run that is handed over', () => {
  it('goes on there where it stopped here, with all its evidence, and back again', async () => {
    const one = withRun();
    const two = store();
    const there = join(folder(), 'there.muster');
    await give(one, there);
    expect(kinds(one).at(-1)).toBe('run.handed-over');
    expect(one.leases.of(run)).toBeNull();

    const taken = await take(two, there);
    expect(taken).toMatchObject({ run, title: 'Restore', to: 'bo', reason: 'End of my shift.' });
    expect(taken.from.operator).toBe('ada');
    expect(contentIn(two)).toEqual(contentIn(one));
    expect(two.events.read(run).slice(0, -1)).toEqual(one.events.read(run));
    expect(two.events.read(run).at(-1)?.body).toMatchObject({ kind: 'run.taken-over', by: 'bo' });
    expect(verifyRun(two, run).bad).toBeNull();

    record(two, [{ kind: 'note.added', step: null, text: 'Went on.', by: 'bo' }]);
    const back = join(folder(), 'back.muster');
    await give(two, back, { to: 'ada', reason: 'Done with my part.' }, 'bo');
    await take(one, back, {}, 'ada');
    expect(kinds(one).slice(-5)).toEqual([
      'run.handed-over',
      'run.taken-over',
      'note.added',
      'run.handed-over',
      'run.taken-over',
    ]);
    expect(verifyRun(one, run)).toMatchObject({ bad: null, events: 12 });
  });

  it('keeps every event and byte, whatever they are', async () => {
    const notes = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(
        notes,
        fc.uint8Array({ minLength: 2, maxLength: 5_000 }),
        async (ns, out) => {
          const more = ns.map(
            (note): EventBody => ({ kind: 'note.added', step: null, text: note, by: 'ada' }),
          );
          const one = withRun(folder(), more, Buffer.from(out));
          const two = store();
          const file = join(folder(), 'run.muster');
          await give(one, file);
          await take(two, file);
          expect(contentIn(two)).toEqual(contentIn(one));
          expect(two.events.read(run).slice(0, -1)).toEqual(one.events.read(run));
        },
      ),
      { numRuns: 6 },
    );
  }, 60_000);

  it('may have evidence that is larger than a block', async () => {
    const one = withRun(folder(), [], randomBytes(5 * 1024 * 1024 + 17));
    const two = store();
    const file = join(folder(), 'run.muster');
    await give(one, file);
    await take(two, file);
    expect(contentIn(two)).toEqual(contentIn(one));
  });
});

describe('handing over is refused', () => {
  it.each<[string, string, EventBody[]]>([
    ['while a step runs', 'hand-over-running', [started('b')]],
    [
      'after the end',
      'run-ended',
      [{ kind: 'run.ended', outcome: 'aborted', reason: 'x', by: 'ada' }],
    ],
  ])('%s', async (_name, code, more) => {
    const one = withRun();
    record(one, more);
    const before = one.events.head(run);
    const file = join(folder(), 'x');
    expect(await codeOf(give(one, file))).toBe(code);
    expect(one.events.head(run)).toEqual(before);
    expect(existsSync(file)).toBe(false);
  });

  it('while something drives it, to nobody, and with a short passphrase', async () => {
    const one = withRun();
    const file = join(folder(), 'x');
    expect(await codeOf(give(one, file, { passphrase: 'short' }))).toBe('passphrase-too-short');
    expect(await codeOf(give(one, file, { to: ' ' }))).toBe('hand-over-nothing');
    expect(await codeOf(give(one, file, { run: 'none' }))).toBe('run-unknown');
    one.leases.take(run, { ...holder, pid: 1, startedAt: 'x', host: 'elsewhere' }, () => true);
    expect(await codeOf(give(one, file))).toBe('run-driven-elsewhere');
    expect(kinds(one)).not.toContain('run.handed-over');
  });

  it('when something is recorded in the meantime', async () => {
    const one = withRun();
    const file = join(folder(), 'x');
    const note: EventBody = { kind: 'note.added', step: null, text: 'late', by: 'cy' };
    const meddled: Store = {
      ...one,
      events: {
        ...one.events,
        append(events) {
          record(one, [note]);
          one.events.append(events);
        },
      },
    };
    expect(await codeOf(give(meddled, file))).toBe('hand-over-changed');
    expect(existsSync(file)).toBe(false);
    expect(kinds(one).at(-1)).toBe('note.added');
  });
});

describe('a hand-over that is interrupted', () => {
  /** The database and the folder as they are at the moment around the recording of the event. */
  async function crashed(moment: 'before' | 'after') {
    const home = folder();
    const one = withRun(home);
    const outbox = folder();
    const file = join(outbox, 'run.muster');
    const after = folder();
    const snapshot = () => {
      for (const end of ['', '-wal']) {
        copyFileSync(join(home, `muster.db${end}`), join(after, `muster.db${end}`));
      }
      copyFileSync(`${file}.part`, join(after, 'run.muster.part'));
    };
    const watched: Store = {
      ...one,
      events: {
        ...one.events,
        append(events: readonly RunEvent[]) {
          if (moment === 'before') snapshot();
          one.events.append(events);
          if (moment === 'after') snapshot();
        },
      },
    };
    await give(watched, file);
    return { survived: store(after), part: join(after, 'run.muster.part'), outbox: after };
  }

  it('before the event has handed over nothing, and its file opens for nobody', async () => {
    const { survived, part, outbox } = await crashed('before');
    expect(kinds(survived)).not.toContain('run.handed-over');
    expect(await codeOf(take(store(), part))).toMatch(/^bundle-/);
    const file = join(outbox, 'run.muster');
    await give(survived, file);
    await take(store(), file);
  });

  it('after the event is finished by the same command, to the same person alone', async () => {
    const { survived, part, outbox } = await crashed('after');
    expect(kinds(survived).at(-1)).toBe('run.handed-over');
    expect(await codeOf(take(store(), part))).toMatch(/^bundle-/);
    const file = join(outbox, 'run.muster');
    expect(await codeOf(give(survived, file, { to: 'cy' }))).toBe('hand-over-done');
    const before = survived.events.head(run);
    await give(survived, file, { to: ' BO ', passphrase: 'another passphrase' });
    expect(survived.events.head(run)).toEqual(before);
    const two = store();
    await take(two, file, { passphrase: 'another passphrase' });
    expect(verifyRun(two, run).bad).toBeNull();
  });
});

describe('taking over is refused', () => {
  async function given() {
    const one = withRun();
    const file = join(folder(), 'run.muster');
    await give(one, file);
    return { one, file };
  }

  it('a second time, and on the machine it came from unless one insists', async () => {
    const { one, file } = await given();
    const two = store();
    await take(two, file);
    const before = two.events.head(run);
    expect(await codeOf(take(two, file))).toBe('take-over-here');
    expect(await codeOf(take(two, file, { back: true }))).toBe('take-over-here');
    expect(two.events.head(run)).toEqual(before);
    expect(await codeOf(take(one, file, {}, 'ada'))).toBe('take-over-own');
    await take(one, file, { back: true }, 'ada');
    expect(kinds(one).slice(-2)).toEqual(['run.handed-over', 'run.taken-over']);
  });

  it('where somebody went on in two places', async () => {
    const { one, file } = await given();
    const [two, three] = [store(), store()];
    await take(two, file);
    await take(three, file, {}, 'cy');
    record(three, [{ kind: 'note.added', step: null, text: 'x', by: 'cy' }]);
    const onward = join(folder(), 'onward.muster');
    await give(three, onward, { to: 'bo' }, 'cy');
    const before = two.events.read(run);
    expect(await codeOf(take(two, onward))).toBe('take-over-forked');
    expect(two.events.read(run)).toEqual(before);
    expect(one.events.head(run)?.seq).toBe(8);
  });

  it('with another passphrase, while it is driven here, and of something else', async () => {
    const { file } = await given();
    const two = store();
    expect(await codeOf(take(two, file, { passphrase: 'not this one at all' }))).toBe(
      'bundle-passphrase',
    );
    two.leases.take(run, holder, () => true);
    expect(await codeOf(take(two, file))).toBe('take-over-driven');
    expect(two.runs.list()).toEqual([]);
  });

  /** The bundle with its records changed by somebody who knows the passphrase. */
  async function forged(file: string, change: (records: Entry[]) => Entry[]): Promise<string> {
    const sealed = await openSealed(file, passphrase);
    const records: Entry[] = [];
    for (const one of readRecords(sealed.read(), file)) records.push(one);
    sealed.close();
    const out = join(folder(), 'forged.muster');
    const content = change(records).flatMap(({ record: r, bytes }) => [...writeRecord(r, bytes)]);
    await writeSealed(out, passphrase, content, () => undefined);
    return out;
  }

  const isEvent = ({ record: r }: Entry) => r.kind === 'event';
  it.each<[string, (records: Entry[]) => Entry[]]>([
    ['a changed event', (all) => all.map((one, i) => (i === all.length - 2 ? edited(one) : one))],
    ['a missing event', (all) => all.filter((one) => !(isEvent(one) && all.indexOf(one) === 9))],
    ['a missing hand-over', (all) => all.slice(0, -1)],
    ['events out of order', (all) => [...all.slice(0, -3), ...all.slice(-3).reverse()]],
    ['a changed output', (all) => withBytes(all, 'output')],
    ['a missing output', (all) => all.filter(({ record: r }) => r.kind !== 'output')],
    ['a changed text', (all) => withBytes(all, 'text')],
    ['a missing text', (all) => all.filter(({ record: r }) => r.kind !== 'text')],
    ['a changed attachment', (all) => withBytes(all, 'attachment')],
    ['a missing attachment', (all) => all.filter(({ record: r }) => r.kind !== 'attachment')],
    ['a missing manifest', (all) => all.filter(({ record: r }) => r.kind !== 'manifest')],
    ['a second manifest', (all) => [...all.slice(0, 2), ...all.slice(1)]],
    ['another manifest', (all) => all.map(renamed)],
    ['nothing in it but its head', (all) => all.slice(0, 2)],
  ])('with %s, although it is sealed, and nothing is left of it', async (_name, change) => {
    const { file } = await given();
    const out = await forged(file, change);
    const two = store();
    expect(await codeOf(take(two, out))).toBe('bundle-damaged');
    expect(two.runs.list()).toEqual([]);
    expect(two.events.head(run)).toBeNull();
    expect(two.outputs.attempts(run)).toEqual([]);
    await take(two, file);
    expect(verifyChain(two.events.iterate(run), sha256).bad).toBeNull();
  });
});

type Entry = { record: Parameters<typeof writeRecord>[0]; bytes: Buffer };

function edited(entry: Entry): Entry {
  const json = JSON.stringify(entry.record).replaceAll('ada', 'eve').replaceAll('cy', 'eve');
  return { ...entry, record: JSON.parse(json) };
}

function renamed(entry: Entry): Entry {
  if (entry.record.kind !== 'manifest') return entry;
  return {
    ...entry,
    record: { ...entry.record, manifest: { ...entry.record.manifest, to: 'eve' } },
  };
}

function withBytes(all: Entry[], kind: string): Entry[] {
  return all.map((entry) => {
    if (entry.record.kind !== kind) return entry;
    const bytes = Buffer.from(entry.bytes);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    return { ...entry, bytes };
  });
}
