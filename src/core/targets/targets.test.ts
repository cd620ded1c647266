import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { careFor } from './care.ts';
import { compareIdentity, type IdentityPart, mismatchProblem } from './identity.ts';
import { bindRoles, boundElsewhere } from './roles.ts';
import { targetSnapshotSchema } from './snapshot.ts';
import { targetSchema } from './target.ts';
import { clusterPin, target } from './test/targets.ts';

describe('a target', () => {
  it('takes names that are safe in a file name, a variable and a sentence', () => {
    for (const name of ['a', 'prod-us', 'dr2-eu-1']) {
      expect(targetSchema.safeParse({ ...target(), name }).success).toBe(true);
    }
    for (const name of ['', 'Prod', '-a', 'a-', 'a--b', 'a_b', '../a', '1a', 'a'.repeat(64)]) {
      expect(targetSchema.safeParse({ ...target(), name }).success, name).toBe(false);
    }
  });

  it('holds no secret, only references', () => {
    const keys = { profile: null, accessKey: 'AKIAEXAMPLE', secretKey: 'wJalrXUtnFEMI' };
    const store = { ...target().objectStore, ...keys };
    expect(targetSchema.safeParse({ ...target(), objectStore: store }).success).toBe(false);
    const references = { ...store, accessKey: 'env:S3_KEY', secretKey: 'vault:s3/secret' };
    expect(targetSchema.safeParse({ ...target(), objectStore: references }).success).toBe(true);
  });

  it('has a profile or keys, and keys in pairs', () => {
    const s3 = target().objectStore;
    const both = { ...s3, accessKey: 'env:A', secretKey: 'env:B' };
    const half = { ...s3, profile: null, accessKey: 'env:A' };
    for (const objectStore of [both, half]) {
      expect(targetSchema.safeParse({ ...target(), objectStore }).success).toBe(false);
    }
  });
});

describe('careFor', () => {
  it('demands more with more care and with more risk, never less', () => {
    const ranks = { run: 0, confirm: 1, 'type-name': 2 };
    const levels = ['practice', 'standard', 'critical'] as const;
    const risks = ['safe', 'disruptive', 'destructive'] as const;
    const demand = (l: number, r: number) =>
      ranks[careFor(levels[l] ?? 'critical', risks[r] ?? 'destructive')];
    for (let l = 0; l < 3; l++) {
      for (let r = 0; r < 3; r++) {
        expect(demand(Math.min(l + 1, 2), r)).toBeGreaterThanOrEqual(demand(l, r));
        expect(demand(l, Math.min(r + 1, 2))).toBeGreaterThanOrEqual(demand(l, r));
      }
    }
    expect(careFor('practice', 'destructive')).toBe('run');
    expect(careFor('standard', 'destructive')).toBe('confirm');
    expect(careFor('critical', 'destructive')).toBe('type-name');
    expect(careFor('critical', 'safe')).toBe('run');
  });
});

const parts: IdentityPart[] = [
  { kind: 'cluster', uid: 'uid-1' },
  { kind: 'object-store', endpoint: 'https://s3.example.org', owner: 'ops' },
  { kind: 'database', connection: 'orders', system: '7301' },
];

describe('compareIdentity', () => {
  it('matches itself, and is first use where nothing was pinned', () => {
    expect(compareIdentity(parts, [...parts].reverse()).verdict).toBe('match');
    expect(compareIdentity([], parts).verdict).toBe('first-use');
    expect(compareIdentity(parts.slice(0, 1), parts).verdict).toBe('first-use');
    expect(compareIdentity([], []).verdict).toBe('match');
  });

  it('is a mismatch when any one part differs or hides, and shows both', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 }), fc.boolean(), (which, hidden) => {
        const seen = parts.flatMap((part, index): IdentityPart[] => {
          if (index !== which) return [part];
          if (hidden) return [];
          if (part.kind === 'cluster') return [{ ...part, uid: 'uid-2' }];
          if (part.kind === 'object-store') return [{ ...part, owner: 'someone-else' }];
          return [{ ...part, system: '9999' }];
        });
        const comparison = compareIdentity(parts, seen);
        expect(comparison.verdict).toBe('mismatch');
        const wrong = comparison.parts.filter(({ verdict }) => verdict === 'mismatch');
        expect(wrong).toHaveLength(1);
        const problem = mismatchProblem('prod-us', comparison);
        expect(problem?.code).toBe('target-mismatch');
        expect(problem?.what).toContain(wrong[0]?.pinned);
        if (!hidden) expect(problem?.what).toContain(wrong[0]?.seen);
      }),
    );
    expect(mismatchProblem('prod-us', compareIdentity(parts, parts))).toBeNull();
    expect(mismatchProblem('prod-us', compareIdentity([], parts))).toBeNull();
  });

  it('tells an owner that is not told any more from one that is', () => {
    const silent: IdentityPart = {
      kind: 'object-store',
      endpoint: 'https://s3.example.org',
      owner: null,
    };
    expect(compareIdentity(parts.slice(1, 2), [silent]).verdict).toBe('mismatch');
  });
});

describe('bindRoles', () => {
  const primary = { target: target(), pins: [clusterPin()] };
  const recovery = { target: target({ name: 'dr-eu', care: 'standard' }), pins: [] };
  const roles = ['primary', 'recovery'];
  const choice = { primary: 'prod-us', recovery: 'dr-eu' };

  it('gives each role the snapshot of its target', () => {
    const bound = bindRoles(roles, choice, [primary, recovery]);
    if (!bound.ok) throw new Error(bound.problem.what);
    expect(bound.bindings.primary).toMatchObject({ name: 'prod-us', care: 'critical' });
    expect(bound.bindings.primary?.pinned).toEqual([{ kind: 'cluster', uid: 'uid-1' }]);
    expect(bound.bindings.recovery?.name).toBe('dr-eu');
    for (const snapshot of Object.values(bound.bindings)) {
      expect(targetSnapshotSchema.parse(snapshot)).toEqual(snapshot);
      expect(JSON.stringify(snapshot)).not.toContain('vault:');
    }
  });

  it.each([
    ['target-missing', { primary: 'prod-us' }],
    ['target-unknown', { primary: 'prod-us', recovery: 'nowhere' }],
    ['target-twice', { primary: 'prod-us', recovery: 'prod-us' }],
    ['role-unknown', { ...choice, third: 'prod-us' }],
    ['target-missing', JSON.parse('{"primary":"prod-us","__proto__":"dr-eu"}')],
  ])('refuses with %s', (code, chosen) => {
    const bound = bindRoles(roles, chosen, [primary, recovery]);
    if (bound.ok) throw new Error('It was bound.');
    expect(['role-unknown', code]).toContain(bound.problem.code);
  });

  it('holds a bound run to the targets it began with', () => {
    const bound = bindRoles(roles, choice, [primary, recovery]);
    if (!bound.ok) throw new Error(bound.problem.what);
    const later = (change: Parameters<typeof target>[0], pins = [clusterPin()]) =>
      boundElsewhere(bound.bindings, [{ target: target(change), pins }, recovery])?.code;
    expect(later({})).toBeUndefined();
    expect(later({ colour: 'blue' })).toBeUndefined();
    expect(later({ kubernetes: { kubeconfig: null, context: 'other' } })).toBe('target-changed');
    expect(later({ namespace: 'else' })).toBe('target-changed');
    expect(later({ care: 'practice' })).toBe('target-changed');
    expect(later({}, [clusterPin('uid-2')])).toBe('target-mismatch');
    expect(boundElsewhere(bound.bindings, [recovery])?.code).toBe('target-changed');
    const careful = { target: target({ name: 'dr-eu', care: 'critical' }), pins: [clusterPin()] };
    expect(boundElsewhere(bound.bindings, [primary, careful])).toBeNull();
  });
});
