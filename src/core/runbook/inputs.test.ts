import { describe, expect, it } from 'vitest';
import { resolveInputs } from './inputs.ts';
import type { InputSpec } from './model.ts';

function spec(given: Partial<InputSpec> & { name: string }): InputSpec {
  return {
    type: 'string',
    default: null,
    pattern: null,
    help: null,
    choices: [],
    secret: null,
    proposed: false,
    line: 1,
    ...given,
  };
}

describe('resolveInputs', () => {
  it('types values and fills in defaults', () => {
    const specs = [
      spec({ name: 'backup', default: 'latest', pattern: '^(latest|\\d{8})$' }),
      spec({ name: 'count', type: 'number' }),
      spec({ name: 'force', type: 'boolean', default: 'false' }),
      spec({ name: 'region', type: 'choice', choices: ['eu', 'us'] }),
      spec({ name: 'day', type: 'date' }),
      spec({ name: 'password', type: 'secret', secret: 'env:PASSWORD' }),
      spec({ name: 'POD', proposed: true }),
    ];
    expect(
      resolveInputs(specs, { count: '3', region: 'eu', day: '2028-02-29', backup: '' }),
    ).toEqual({
      ok: true,
      values: { backup: 'latest', count: 3, force: false, region: 'eu', day: '2028-02-29' },
    });
  });

  it.each<[Partial<InputSpec>, string | number | boolean]>([
    [{ type: 'number' }, 'three'],
    [{ type: 'number' }, 'Infinity'],
    [{ type: 'number' }, '0x10'],
    [{ type: 'boolean' }, 'maybe'],
    [{ type: 'choice', choices: ['eu'] }, 'EU'],
    [{ type: 'date' }, '2026-02-29'],
    [{ type: 'date' }, '2026-13-01'],
    [{ type: 'date' }, '29.3.2026'],
    [{ pattern: '^\\d+$' }, 'x'],
    [{}, 'x'.repeat(1001)],
    [{}, 'a\0b'],
    [{}, ''],
    [{ type: 'secret', secret: 'env:X' }, 'hunter2'],
  ])('refuses for %j the value %j', (given, value) => {
    const result = resolveInputs([spec({ name: 'a', ...given })], { a: value });
    expect(result).toMatchObject({ ok: false, problems: [{ name: 'a' }] });
    if (!result.ok) expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('finds all problems at once, unknown names among them', () => {
    const result = resolveInputs([spec({ name: 'a' }), spec({ name: 'b' })], { c: 1 });
    expect(!result.ok && result.problems.map((problem) => problem.name)).toEqual(['c', 'a', 'b']);
  });
});
