import { describe, expect, it } from 'vitest';
import { resolveSpec } from './references.ts';

const name = `\${NAME}`;

describe('references in a body', () => {
  it('become values, with their type where they stand alone', () => {
    const spec = { a: name, list: [`x ${name}`], own: `$${name}` };
    expect(resolveSpec({}, spec, { NAME: 7 })).toEqual({
      ok: true,
      value: { a: 7, list: ['x 7'], own: name },
    });
    expect(resolveSpec({}, spec, {})).toEqual({ ok: false, missing: 'NAME' });
  });

  it('stay in the texts that a kind quotes by itself, with their values beside', () => {
    const spec = { checks: [{ sql: { query: `select ${name}` }, name }], query: name };
    const kind = { keeps: ['checks.*.sql.query'] };
    expect(resolveSpec(kind, spec, { NAME: "o'b", OTHER: 1 })).toEqual({
      ok: true,
      value: {
        checks: [{ sql: { query: `select ${name}` }, name: "o'b" }],
        query: "o'b",
        values: { NAME: "o'b" },
      },
    });
    expect(resolveSpec(kind, { checks: [{ sql: { query: name } }] }, {})).toEqual({
      ok: false,
      missing: 'NAME',
    });
  });
});
