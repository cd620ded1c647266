import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHeadSigner } from '../../engine/keys/sign-heads.ts';
import { openSigningKey } from '../../engine/keys/signing-key.ts';
import { verifyRun } from '../../engine/record.ts';
import { annotated, keeperOf, openWorkbench, shellStep } from '../../engine/testing.ts';
import { LateSigning } from './late-signing.ts';

const hasEnded = (state: { ended: unknown }): boolean => state.ended !== null;

describe('a run that the command line drove while the app has the key', () => {
  it('stays unsigned until the app sees it, one after the other, and none that is driven', async () => {
    const bench = openWorkbench();
    onTestFinished(() => bench.close());
    openSigningKey(bench.home, keeperOf(7));
    const text = annotated(`## One\n${shellStep('a', 'echo a')}`);
    const [first, second] = [await bench.start(text), await bench.start(text)];
    for (const run of [first, second]) {
      await bench.until(run, hasEnded);
      expect(verifyRun(bench.store, run)).toMatchObject({ bad: null, signed: null });
    }
    const heads = createHeadSigner(bench.store, keeperOf(7));
    expect(heads.unsigned()).toEqual([first, second]);
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const signing = new LateSigning(bench.store, heads, (run) => run === second);
    signing.soon();
    vi.advanceTimersByTime(5_000);
    signing.close();
    const { events } = verifyRun(bench.store, first);
    expect(verifyRun(bench.store, first).signed).toMatchObject({ upTo: events, isOwn: true });
    // Driven by somebody still.
    expect(heads.unsigned()).toEqual([second]);
  });
});
