import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/open.ts';
import { addRun } from '../store/test/events.ts';
import type { OutputChunk } from './api.ts';
import { createSink, type Kept, keptOutput, type Stream } from './output.ts';
import { createOutputAhead } from './output-ahead.ts';
import { writeOutputLimits } from './output-limits.ts';
import { createPatience } from './patience.ts';
import { openTail } from './processes/tail.ts';

let home: string;
let store: Store;
let attempt = 0;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'muster-output-'));
  store = openStore(home);
  addRun(store, 'r');
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true, force: true });
});

const secrets = ['hunter2-hunter2'];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const of = (stream: Stream, text: string) => ({ stream, raw: bytes(text) });

function sink(given: readonly string[] = [], seen: OutputChunk[] = []) {
  const publish = (chunk: OutputChunk): number => seen.push(chunk);
  const patiently = createPatience(store, () => undefined);
  const { signal: release } = new AbortController();
  return createSink({
    store,
    run: 'r',
    step: 's',
    attempt,
    secrets: () => given,
    publish,
    patiently,
    release,
  });
}

function kept(): string {
  const pieces = [...keptOutput(store, 'r', 's', attempt)].map((chunk) => chunk.bytes);
  return Buffer.concat(pieces).toString('latin1');
}

/** What the sink promises of any output, told from the whole of it. */
function expectHonest(whole: string, result: Kept['output']): void {
  const text = kept();
  expect(result.bytes).toBe(text.length);
  expect(result.sha256).toBe(createHash('sha256').update(text, 'latin1').digest('hex'));
  const { leftOut } = result;
  expect(store.outputs.leftOut('r', 's', attempt)).toEqual(leftOut ?? null);
  if (!leftOut) {
    expect(text).toBe(whole);
    return;
  }
  const middle = whole.slice(leftOut.at, leftOut.at + leftOut.bytes);
  expect(text).toBe(whole.slice(0, leftOut.at) + whole.slice(leftOut.at + leftOut.bytes));
  expect(leftOut.lines).toBe(middle.split('\n').length - 1);
}

describe('a sink', () => {
  it('keeps start and end of whatever comes in whatever pieces, and counts the rest', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 400 });
    const limits = fc.record({
      startBytes: fc.integer({ min: 1, max: 120 }),
      endBytes: fc.integer({ min: 1, max: 120 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 6 }), limits, async (pieces, given) => {
        attempt += 1;
        writeOutputLimits(store, given);
        const taking = sink();
        for (const piece of pieces) taking.take([of('out', piece)]);
        const { output: result } = await taking.finish();
        expectHonest(pieces.join(''), result);
        expect(result.bytes).toBeLessThanOrEqual(given.startBytes + given.endBytes);
        const whole = pieces.join('').length;
        if (whole <= given.startBytes + given.endBytes) expect(result.leftOut).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });

  it('passes everything on, at the offsets that a reader of the kept output finds too', async () => {
    attempt += 1;
    writeOutputLimits(store, { startBytes: 10, endBytes: 10 });
    const seen: OutputChunk[] = [];
    const taking = sink([], seen);
    for (let line = 0; line < 10; line += 1) taking.take([of('out', `line ${line}\n`)]);
    const { bytes: size, leftOut } = (await taking.finish()).output;
    expect(seen.map((chunk) => chunk.text).join('')).toMatch(/^line 0\n.*line 9\n$/s);
    const last = seen.at(-1);
    expect((last?.at ?? 0) + (last?.bytes ?? 0)).toBe(size + (leftOut?.bytes ?? 0));
    expect(kept()).toBe('line 0\nlinline 9\n');
    expect(leftOut).toEqual({ at: 10, bytes: 53, lines: 8 });
  });

  it('lets no end of a secret through that began in what nobody could read', async () => {
    for (const cut of [3, 8, 14]) {
      attempt += 1;
      writeOutputLimits(store, { startBytes: 4, endBytes: 1_000 });
      const taking = sink(secrets);
      taking.take([of('out', 'begin')]);
      taking.leaveOut('out', { bytes: 100, lines: 2 });
      const tail = `${secrets[0]?.slice(cut)}\n${'x'.repeat(200)}\n hunter2-hunter2 end\n`;
      taking.take([of('out', tail)]);
      await taking.finish();
      expect(kept()).not.toContain('nter2');
      expect(Buffer.from(kept(), 'latin1').toString()).toMatch(/^begi.* ••• end\n$/s);
    }
  });

  it('lets no secret through that lies across start and end', async () => {
    attempt += 1;
    writeOutputLimits(store, { startBytes: 10, endBytes: 1_000 });
    const taking = sink(secrets);
    for (const piece of ['12345hun', 'ter2-h', 'unter2 and on\n']) taking.take([of('out', piece)]);
    expect((await taking.finish()).output.leftOut).toBeUndefined();
    expect(Buffer.from(kept(), 'latin1').toString()).toBe('12345••• and on\n');
  });

  it('tells at once what may still begin a secret, and keeps it once it is known not to', async () => {
    attempt += 1;
    writeOutputLimits(store, { startBytes: 1_000, endBytes: 1_000 });
    const seen: OutputChunk[] = [];
    const ahead = createOutputAhead();
    const taking = sink(['80-hunters'], seen);
    const take = async (stream: Stream, text: string) => {
      taking.take([of(stream, text)]);
      await new Promise(setImmediate);
    };
    const now = () => {
      for (const chunk of seen.splice(0)) ahead.take(chunk);
      return ahead.of('s', attempt).map((chunk) => [chunk.stream, chunk.at, chunk.ahead]);
    };
    await take('out', 'port 80');
    await take('out', '80\n');
    expect(seen.map(({ at, text, ahead }) => [at, text, ahead])).toEqual([
      [0, 'port ', '80'],
      [5, '80', '80\n'],
    ]);
    expect(kept()).toBe('port 80');
    expect(now()).toEqual([['out', 7, '80\n']]);
    await take('err', 'warned 80-hun');
    expect(now()).toEqual([['err', 17, '…']]);
    expect(ahead.of('s', attempt + 1)).toEqual([]);
    await take('out', 'more\n');
    expect(now()).toEqual([['err', 22, '…']]);
    await taking.finish();
    expect(now()).toEqual([]);
    expect(kept()).toBe('port 8080\nwarned more\n80-hun');
  });

  it('tears no line of a stream by one of another, and hides a secret that begins before it', async () => {
    attempt += 1;
    writeOutputLimits(store, { startBytes: 1_000, endBytes: 1_000 });
    const first = sink(['80-hunters']);
    first.take([of('out', 'port 8080\n'), of('err', '+ next\n'), of('out', 'so\nmore 80')]);
    first.take([of('err', '+ and\n')]);
    await new Promise(setImmediate);
    expect(kept()).toBe('port 8080\n+ next\nso\nmore 80+ and\n');
    // Taken up by another process, which is given what comes behind.
    const second = sink(['80-hunters']);
    expect(second.consumed('out').bytes).toBe('port 8080\nso\nmore 80'.length);
    second.take([of('out', '-hunters, they say\n')]);
    await second.finish();
    expect(Buffer.from(kept(), 'latin1').toString()).toMatch(/more 80\+ and\n•••, they say\n$/);
  });

  it('goes on after a crash at the byte that the store reaches, and once only', async () => {
    attempt += 1;
    writeOutputLimits(store, { startBytes: 10, endBytes: 10 });
    const whole = 'start of it\nmiddle of it\nand the end\n';
    sink().take([of('out', whole)]);
    const again = sink();
    const { bytes: at } = again.consumed('out');
    expect(at).toBe(10);
    again.take([of('out', whole.slice(at))]);
    const { output: result } = await again.finish();
    expectHonest(whole, result);
    // The end was kept, and then Muster died before it recorded that.
    const third = sink();
    expect(third.consumed('out').bytes).toBe(whole.length);
    third.take([of('out', 'of what was left behind')]);
    expect((await third.finish()).output).toEqual(result);
  });

  it('keeps broken UTF-8, NUL and all other bytes as they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (raw) => {
        attempt += 1;
        writeOutputLimits(store, { startBytes: 100, endBytes: 500 });
        const taking = sink();
        taking.take([{ stream: 'out', raw }]);
        const { output: result } = await taking.finish();
        expect(kept()).toBe(Buffer.from(raw).toString('latin1'));
        expect(result.bytes).toBe(raw.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a tail', () => {
  it('counts what went before it could be read, in bytes and lines', async () => {
    attempt += 1;
    writeOutputLimits(store, { startBytes: 4, endBytes: 100 });
    const dir = join(home, 'spool');
    mkdirSync(dir);
    writeFileSync(join(dir, 'out-0-0'), 'a\nb\nc\n');
    writeFileSync(join(dir, 'out-1006-503'), 'y\nz\n');
    const taking = sink();
    const tail = openTail(dir, ['out'], taking);
    tail.finish();
    tail.close();
    expect((await taking.finish()).output).toMatchObject({
      bytes: 8,
      leftOut: { at: 4, bytes: 1002, lines: 501 },
    });
    expect(kept()).toBe('a\nb\ny\nz\n');
  });

  it('reads on where the store ends, also within a piece that is gone', async () => {
    attempt += 1;
    writeOutputLimits(store, { startBytes: 6, endBytes: 100 });
    const dir = join(home, 'spool');
    mkdirSync(dir);
    writeFileSync(join(dir, 'out-0-0'), 'a\nb\nc\nd\n');
    const first = sink();
    const before = openTail(dir, ['out'], first);
    before.finish();
    before.close();
    rmSync(join(dir, 'out-0-0'));
    writeFileSync(join(dir, 'out-20-10'), 'end\n');
    const second = sink();
    const after = openTail(dir, ['out'], second);
    after.finish();
    after.close();
    expect((await second.finish()).output).toMatchObject({
      leftOut: { at: 6, bytes: 14, lines: 7 },
    });
    expect(kept()).toBe('a\nb\nc\nend\n');
  });
});
