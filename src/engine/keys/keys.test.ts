import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verifyRun } from '../record.ts';
import { annotated, keeperOf, openWorkbench, shellStep } from '../testing.ts';
import { isSignedBy, openSigningKey, readPublicKey } from './signing-key.ts';

function folder(): string {
  const home = mkdtempSync(join(tmpdir(), 'muster-keys-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

const hasEnded = (state: { ended: unknown }): boolean => state.ended !== null;

describe('the signing key', () => {
  it('is made once, and its private part lies in a file of mode 0600 without a key store', () => {
    const home = folder();
    const key = openSigningKey(home, null);
    expect(key?.protection).toBe('file');
    expect(readPublicKey(home)?.fingerprint).toBe(key?.fingerprint);
    expect(openSigningKey(home, null)?.key).toBe(key?.key);
    for (const name of readdirSync(join(home, 'keys'))) {
      expect(statSync(join(home, 'keys', name)).mode & 0o777).toBe(0o600);
    }
    const signature = key?.sign('text') ?? '';
    expect(isSignedBy(key?.key ?? '', signature, 'text')).toBe(true);
    expect(isSignedBy(key?.key ?? '', signature, 'other')).toBe(false);
    expect(isSignedBy('not a key', signature, 'text')).toBe(false);
  });

  it('that a key store sealed is opened by that one alone', () => {
    const home = folder();
    const key = openSigningKey(home, keeperOf(7));
    expect(key?.protection).toBe('system');
    expect(readdirSync(join(home, 'keys')).sort()).toEqual(['private.sealed', 'public.pem']);
    expect(openSigningKey(home, null)).toBeNull();
    expect(openSigningKey(home, keeperOf(8))).toBeNull();
    expect(openSigningKey(home, keeperOf(7))?.key).toBe(key?.key);
    expect(readPublicKey(home)?.key).toBe(key?.key);
  });
});

describe('a run that rests', () => {
  it('is signed as far as it was, when it goes on', async () => {
    const bench = openWorkbench();
    onTestFinished(() => bench.close());
    const run = await bench.start(
      annotated(`## One\n${shellStep('a', 'echo a')}### Look\n- [ ] look\n`),
    );
    await bench.until(run, (state) => state.steps[1]?.status === 'waiting');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = verifyRun(bench.store, run);
    expect(before.signed?.upTo).toBe(before.events);
    const step = bench.state(run).steps[1]?.id ?? '';
    await bench.engine.command(run, { kind: 'note', step: null, text: 'on' });
    await bench.engine.command(run, { kind: 'tick', step, task: 0, done: true });
    await bench.engine.command(run, { kind: 'confirm', step }).catch(() => undefined);
    const state = await bench.until(run, hasEnded);
    const after = verifyRun(bench.store, run);
    expect(after).toMatchObject({ bad: null, events: state.lastSeq });
    expect(after.signed?.upTo).toBe(state.lastSeq);
    expect(bench.store.heads.of(run).length).toBeGreaterThan(1);
  });
});
