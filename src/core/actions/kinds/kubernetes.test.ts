import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { kubernetes, kubernetesVerbOf, kubernetesVerbs } from './kubernetes.ts';

const bodySchema = z.record(z.string(), z.unknown());

/** A fence's body as the schema gets it. */
function bodyOf(text: string) {
  const { capture: _, ...body } = bodySchema.parse(parse(text));
  return body;
}

const page = readFileSync(new URL('../../../../docs/steps/kubernetes.md', import.meta.url), 'utf8');
const documented = [...page.matchAll(/^```kubernetes\n(.*?)^```$/gms)].map(([, text = '']) => text);

describe('the kubernetes fence', () => {
  test.each([...kubernetes.examples, ...documented])('reads its example %j', (text) => {
    const body = bodyOf(text);
    const schema = kubernetes.schemaFor(body);
    if (typeof schema === 'string') throw new Error(schema);
    expect(schema.safeParse(body).error).toBeUndefined();
    expect(kubernetes.describe(body)).not.toContain('undefined');
  });

  test('has an example of every verb in its page', () => {
    const verbs = documented.map((text) => kubernetesVerbOf(bodyOf(text)));
    for (const verb of Object.keys(kubernetesVerbs)) expect(verbs).toContain(verb);
    for (const value of Object.keys(kubernetes.results)) expect(page).toContain(`\`${value}\``);
  });

  test.each([
    [{}, 'does not say what to do'],
    [{ get: 'pods', scale: 'deploy/x' }, 'several things'],
  ])('says what is wrong with the choice of %j', (body, expected) => {
    expect(kubernetes.schemaFor(body)).toContain(expected);
  });

  test.each([
    [{ scale: 'orders', replicas: 1 }, 'scale'],
    [{ scale: 'deploy/orders', replicas: -1 }, 'replicas'],
    [{ scale: 'deploy/orders', replicas: 1, replica: 2 }, ''],
    [{ delete: 'pods' }, 'delete'],
    [{ wait: 'pod/x', for: 'luck' }, 'for'],
    [{ exec: 'pod/x', command: 'rm -rf /' }, 'command'],
    [{ 'port-forward': 'pod/x' }, 'port'],
    [{ logs: 'pod/x', until: '(' }, 'until'],
    [{ secret: 'x', data: { 'bad key': 'vault:x' } }, 'data.bad key'],
  ])('refuses %j', (body, path) => {
    const schema = kubernetes.schemaFor(body);
    if (typeof schema === 'string') throw new Error(schema);
    expect(schema.safeParse(body).error?.issues[0]?.path.join('.')).toBe(path);
  });

  test('tells honestly what changes, what may be done twice and what can go wrong', () => {
    expect(kubernetes.effect({ get: 'pods' })).toBe('reads');
    expect(kubernetes.effect({ exec: 'pod/x', command: ['ls'] })).toBe('changes');
    expect(kubernetes.effect({ exec: 'pod/x', command: ['ls'], reads: true })).toBe('reads');
    expect(kubernetes.repeatable({ scale: 'deploy/x', replicas: 1 })).toBe(true);
    expect(kubernetes.repeatable({ restart: 'deploy/x' })).toBe(false);
    expect(kubernetes.repeatable({ patch: 'cm/x', with: [] })).toBe(false);
    expect(kubernetes.risk({ delete: 'pod/x' })).toBe('disruptive');
    expect(kubernetes.risk({ delete: 'pvc/x' })).toBe('destructive');
    expect(kubernetes.undoable({ restart: 'deploy/x' })).toBe(false);
    expect(kubernetes.undoable({ scale: 'deploy/x', replicas: 1 })).toBe(true);
  });

  test('can be described whatever stands in the fence', () => {
    const bodies = fc.dictionary(
      fc.constantFrom(...Object.keys(kubernetesVerbs), 'replicas', 'selector', 'command'),
      fc.anything(),
      { maxKeys: 3 },
    );
    fc.assert(
      fc.property(bodies, (body) => {
        kubernetes.schemaFor(body);
        kubernetes.effect(body);
        kubernetes.risk(body);
        kubernetes.repeatable(body);
        expect(typeof kubernetes.describe(body)).toBe('string');
      }),
      { numRuns: 500 },
    );
  });
});
