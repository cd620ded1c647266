import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../shared/ipc.ts';
import { proofsOf } from './proofs.ts';

function ran(id: string, day: number, verdict: 'met' | 'missed' | 'unproven'): RunSummary {
  const at = `2026-03-${String(day).padStart(2, '0')}T10:00:00.000Z`;
  const rtoMs = verdict === 'unproven' ? null : day;
  return {
    id,
    title: 'Restore orders',
    path: null,
    mode: 'drill',
    createdAt: at,
    endedAt: at,
    outcome: 'succeeded',
    operator: 'dana',
    stepsDone: 1,
    stepsTotal: 1,
    driver: 'nobody',
    handedOver: null,
    measures: [
      { component: 'Database', rtoPromisedMs: 20, rtoMs, rpoPromisedMs: 5, rpoMs: 1, verdict },
    ],
  };
}

describe('proofsOf', () => {
  it('shows the last proof, whatever the order of the runs', () => {
    const [proof] = proofsOf([ran('b', 9, 'missed'), ran('a', 3, 'met')]);
    expect(proof).toMatchObject({ run: 'b', verdict: 'missed', rtoMs: 9 });
  });

  it('keeps an earlier proof when a later run proved nothing', () => {
    const [proof] = proofsOf([ran('a', 3, 'met'), ran('b', 9, 'unproven')]);
    expect(proof).toMatchObject({ run: 'a', verdict: 'met' });
  });

  it('claims nothing from a recovery that was not finished', () => {
    const [proof] = proofsOf([ran('b', 9, 'unproven')]);
    expect(proof).toMatchObject({ run: null, at: null, rtoMs: null, rpoMs: null });
  });

  it('leaves out rehearsals and runs that have not ended', () => {
    const open = { ...ran('a', 3, 'met'), endedAt: null };
    const rehearsal = { ...ran('b', 4, 'met'), mode: 'rehearsal' as const };
    expect(proofsOf([open, rehearsal])).toEqual([]);
  });
});
