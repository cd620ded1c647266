import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeOutputLimits } from '../../engine/output-limits.ts';
import { annotated, openWorkbench, shellStep } from '../../engine/testing.ts';
import { RunReader, wholeCharacters } from './run-reader.ts';

const whole = (bytes: number[]) => wholeCharacters(Uint8Array.from(bytes));

describe('an answer of output that ends inside a character', () => {
  it('leaves the begun character to the next answer', () => {
    expect(whole([0x61, 0xc3])).toBe(1);
    expect(whole([0x61, 0xe2, 0x82])).toBe(1);
    expect(whole([0x61, 0xf0, 0x9f, 0x98])).toBe(1);
  });
  it('keeps whole characters and what is no UTF-8 at all', () => {
    expect(whole([...new TextEncoder().encode('aé€😀')])).toBe(10);
    expect(whole([0x61, 0xff, 0x80, 0x80, 0x80, 0x80])).toBe(6);
    expect(whole([0x80, 0x80])).toBe(2);
    expect(whole([])).toBe(0);
  });
  it('never leaves everything, so that reading comes to an end', () => {
    expect(whole([0xf0, 0x9f, 0x98])).toBe(3);
    expect(whole([0xc3])).toBe(1);
  });
});

describe('a step of a run that is driven here', () => {
  it('has all of its attempts, and one that the run does not have has none', async () => {
    const bench = openWorkbench();
    onTestFinished(() => bench.close());
    const run = await bench.start(annotated(`## One\n${shellStep('a', 'echo a')}`));
    await bench.until(run, (now) => now.ended !== null);
    const reader = new RunReader(bench.store, bench.engine);
    expect(reader.attempts(run, 'a')).toEqual(bench.state(run).steps[0]?.attempts);
    expect(reader.attempts(run, 'b')).toEqual([]);
    expect(() => reader.attempts('no-run', 'a')).toThrow('no-run');
    for (const whole of [true, false]) {
      const view = await reader.view(run, whole);
      expect(view).toMatchObject({ state: bench.state(run), isWhole: true });
    }
  });
});

describe('an output of which the middle was left out', () => {
  it('has the offsets that it had while it ran', async () => {
    const bench = openWorkbench();
    onTestFinished(() => bench.close());
    writeOutputLimits(bench.store, { startBytes: 20, endBytes: 20 });
    const run = await bench.start(annotated(`## One\n${shellStep('a', 'seq 100 199')}`));
    const state = await bench.until(run, (now) => now.ended !== null);
    const output = state.steps[0]?.attempts[0]?.result?.output;
    const total = (output?.bytes ?? 0) + (output?.leftOut?.bytes ?? 0);
    expect(total).toBe(400);
    const reader = new RunReader(bench.store, bench.engine);
    const read = (from: number) => reader.output({ run, step: 'a', attempt: 1, from });
    expect(read(0)).toMatchObject([{ at: 0, text: '100\n101\n102\n103\n104\n' }]);
    const end = { at: 380, text: '195\n196\n197\n198\n199\n' };
    expect(read(20)).toMatchObject([end]);
    expect(read(200)).toMatchObject([end]);
    expect(read(396)).toMatchObject([{ at: 396, text: '199\n' }]);
    expect(read(400)).toEqual([]);
  });
});

// Behind the others, because a secret is known to all of the process from then on.
describe('an output whose end may begin a secret', () => {
  it('is read with what stands ahead of it, until that is decided', async () => {
    const bench = openWorkbench({ env: { PATH: process.env.PATH, WORD: '80-hunters' } });
    onTestFinished(() => bench.close());
    const head = 'inputs:\n  WORD: {secret: "env:WORD"}\n';
    const go = join(bench.store.home, 'go');
    const script = `echo port 8080; until test -e '${go}'; do sleep 0.05; done; echo on`;
    const run = await bench.start(annotated(`## One\n${shellStep('a', script)}`, head));
    const reader = new RunReader(bench.store, bench.engine);
    const read = (from: number) => reader.output({ run, step: 'a', attempt: 1, from });
    await expect.poll(() => read(7)).toMatchObject([{ at: 7, bytes: 0, text: '', ahead: '80\n' }]);
    expect(read(0)).toMatchObject([{ at: 0, text: 'port 80', ahead: '' }]);
    writeFileSync(go, '');
    await bench.until(run, (now) => now.ended !== null);
    expect(
      read(0)
        .map(({ text }) => text)
        .join(''),
    ).toBe('port 8080\non\n');
    expect(read(13)).toEqual([]);
  });
});
