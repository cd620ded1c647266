import { describe, expect, it } from 'vitest';
import type { StructuredAction } from '../runbook/model.ts';
import { agenda } from './agenda.ts';
import { demandOf } from './care.ts';
import type { BodyOf, EventBody, RunMode } from './events.ts';
import { createdOf, eventsOf, phaseOf, ran, runbookOf, stepOf } from './fixture.ts';
import { fold } from './reduce.ts';
import { refuse } from './refuse.ts';

type Target = NonNullable<BodyOf<'run.created'>['targets']>[number];

const target = (role: string, name: string, care: Target['care']): Target => ({
  role,
  name,
  colour: 'red',
  care,
  namespace: null,
  places: [],
  pinned: [],
  identity: '',
});
const critical = [target('primary', 'prod-us', 'critical')];
const auto: EventBody = { kind: 'run.paced', auto: true, allow: 'destructive', by: 'ann' };

const onRecovery: StructuredAction = {
  kind: 'structured',
  language: 'kubernetes',
  code: 'scale: deployment/orders\n',
  spec: {},
  role: 'recovery',
  captures: [],
  line: 1,
  range: { start: 1, end: 1 },
  reviewed: true,
};

function run(
  change: Parameters<typeof stepOf>[1],
  targets: Target[],
  bodies: EventBody[] = [],
  more: { mode?: RunMode; range?: string } = {},
) {
  const runbook = runbookOf([phaseOf('P', [stepOf('a', change)])]);
  const created = createdOf(runbook, { ...(targets.length > 0 ? { targets } : {}), ...more });
  const state = fold(eventsOf([created, ...bodies]));
  if (!state) throw new Error('no state');
  const start = (confirmed?: string) =>
    refuse(state, runbook, {
      kind: 'start',
      step: 'a',
      ...(confirmed === undefined ? {} : { confirmed }),
    })?.code ?? null;
  const spec = runbook.phases[0]?.steps[0] ?? null;
  return { next: agenda(state, runbook)[0], start, demand: demandOf(state, spec, 'destructive') };
}

describe('a step with risk on a critical target', () => {
  it('begins only for somebody who gave the name of the target', () => {
    for (const risk of ['disruptive', 'destructive'] as const) {
      const { start } = run({ risk }, critical);
      expect(start()).toBe('target-not-confirmed');
      expect(start('prod-eu')).toBe('target-not-confirmed');
      expect(start('PROD-US')).toBe('target-not-confirmed');
      expect(start('prod-us')).toBeNull();
    }
  });

  it('is asked for by the role of its own action', () => {
    const both = [
      target('primary', 'prod-us', 'critical'),
      target('recovery', 'dr-eu', 'critical'),
    ];
    const { start } = run({ risk: 'destructive', action: onRecovery }, both);
    expect(start('prod-us')).toBe('target-not-confirmed');
    expect(start('dr-eu')).toBeNull();
    const calm = [target('primary', 'prod-us', 'critical'), target('recovery', 'lab', 'practice')];
    expect(run({ risk: 'destructive', action: onRecovery }, calm).start()).toBeNull();
  });

  it('never begins by itself, however much auto mode is allowed', () => {
    expect(run({ risk: 'disruptive' }, critical, [auto]).next).toMatchObject({
      kind: 'act',
      automatic: false,
      because: 'risk',
    });
    expect(run({ risk: 'safe' }, critical, [auto]).next).toMatchObject({ automatic: true });
  });

  it('is not tried again by itself after a failure', () => {
    const failed = [auto, ...ran('a', 1, 'failed', 'ann')];
    const { next, start } = run({ risk: 'destructive', retries: 3 }, critical, failed);
    expect(next).toEqual({ kind: 'failed', step: 'a' });
    expect(start()).toBe('target-not-confirmed');
    expect(start('prod-us')).toBeNull();
    const standard = [target('primary', 'stage', 'standard')];
    expect(run({ risk: 'destructive', retries: 3 }, standard, failed).next).toMatchObject({
      kind: 'act',
      because: 'retry',
    });
  });

  it('needs no word in a rehearsal, on another care, or without risk', () => {
    const rehearsal = { mode: 'rehearsal' } as const;
    expect(run({ risk: 'destructive' }, critical, [], rehearsal).start()).toBeNull();
    expect(run({ risk: 'destructive' }, [target('primary', 's', 'standard')]).start()).toBeNull();
    expect(run({ risk: 'safe' }, critical).start()).toBeNull();
    expect(run({ risk: 'destructive' }, []).start()).toBeNull();
  });
});

describe('what must come from a person', () => {
  it('follows the care of the target, and without one the place', () => {
    expect(run({}, critical).demand).toBe('type-name');
    expect(run({}, [target('primary', 's', 'standard')]).demand).toBe('confirm');
    expect(run({}, [target('primary', 'p', 'practice')]).demand).toBe('run');
    expect(run({}, []).demand).toBe('confirm');
    expect(run({}, [], [], { range: 'orders' }).demand).toBe('run');
    expect(run({}, critical, [], { mode: 'rehearsal' }).demand).toBe('run');
  });
});
