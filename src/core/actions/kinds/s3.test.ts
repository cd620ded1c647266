import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Spec } from '../kind.ts';
import { s3 } from './s3.ts';
import { verbs } from './s3-schema.ts';

const mapping = z.record(z.string(), z.unknown());

/** A fence as its schema sees it: without the keys that all fences share. */
function specOf(text: string): Spec {
  const { capture: _, 'recovery-point': __, target: ___, ...spec } = mapping.parse(parse(text));
  return spec;
}

function check(spec: Spec) {
  const schema = s3.schemaFor(spec);
  return typeof schema === 'string' ? schema : schema.safeParse(spec);
}

const docs = readFileSync(
  join(import.meta.dirname, '../../../../docs/steps/object-store.md'),
  'utf8',
);
const fences = [...docs.matchAll(/```s3\n([\s\S]*?)```/g)].map(([, body]) =>
  (body ?? '').replace(/\$\{BACKUP\}/, 's3://b/k').replace(/\$\{VERSION\}/, 'v'),
);

describe('the s3 fence', () => {
  it.each([...s3.examples, ...fences])('reads %j', (text) => {
    expect(check(specOf(text))).toMatchObject({ success: true });
  });

  it('has an example in the documentation for each verb', () => {
    const shown = new Set(fences.flatMap((fence) => Object.keys(specOf(fence))));
    expect(Object.keys(verbs).filter((verb) => !shown.has(verb))).toEqual([]);
  });

  it('takes numbers and flags as inputs give them', () => {
    const spec = { prune: 's3://b/', 'keep-days': '14', permanently: 'true', 'min-size': '1 kB' };
    expect(check(spec)).toMatchObject({
      data: { 'keep-days': 14, permanently: true, 'min-size': 1000 },
    });
  });

  it.each<[string, Spec]>([
    ['no place', { list: 'orders' }],
    ['a prefix where an object is wanted', { head: 's3://b/p/' }],
    ['a misspelt key', { list: 's3://b/', sufix: '.gz' }],
    ['by name without a day', { latest: 's3://b/', by: 'name', pattern: '*.dump' }],
    ['nothing to keep', { prune: 's3://b/' }],
    ['keeping none', { prune: 's3://b/', 'keep-last': 0 }],
    ['a wrong pattern', { latest: 's3://b/', pattern: '%Y%m' }],
    ['a short hash', { verify: 's3://b/k', sha256: 'abc' }],
  ])('does not read %s', (_, spec) => {
    expect(check(spec)).toMatchObject({ success: false });
  });

  it('says what a step would do, and how much harm', () => {
    expect(s3.describe({ copy: 's3://a/b', to: { target: 'recovery', uri: 's3://c/' } })).toBe(
      'Copy s3://a/b to s3://c/ of recovery',
    );
    const prune = { prune: 's3://b/', 'keep-last': 3 };
    expect([s3.effect(prune), s3.risk(prune), s3.undoable(prune)]).toEqual([
      'changes',
      'disruptive',
      true,
    ]);
    const forGood = { ...prune, permanently: true };
    expect([s3.risk(forGood), s3.undoable(forGood)]).toEqual(['destructive', false]);
    expect(s3.effect({ latest: 's3://b/' })).toBe('reads');
    expect(check({})).toMatch(/does not say what to do/);
  });
});
