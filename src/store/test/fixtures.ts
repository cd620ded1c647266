import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { MusterError, type Problem } from '../../core/problem.ts';
import { openStore, type Store } from '../open.ts';

/** An empty folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'muster-store-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A store that is closed with the test. */
export function store(home: string = folder(), busyTimeoutMs?: number): Store {
  const opened = openStore(home, busyTimeoutMs === undefined ? {} : { busyTimeoutMs });
  onTestFinished(() => opened.close());
  return opened;
}

/** The problem that `work` throws; anything else thrown, or nothing, fails the test. */
export function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof MusterError) return thrown.problem;
    throw thrown;
  }
  throw new Error('expected a MusterError');
}
