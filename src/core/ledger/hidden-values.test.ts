import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHider, holdsHidden, isHidden } from './hidden-values.ts';
import { createRedactor } from './redact.ts';

const SECRET = 'correct-horse-battery';

function hider() {
  let count = 0;
  return createHider(createRedactor([SECRET]).text, () => {
    count += 1;
    return count.toString(16).padStart(16, '0');
  });
}

describe('hidden values', () => {
  it('replace the whole text that holds a secret, and the same text by the same mark', () => {
    const hide = hider();
    const value = { url: `postgres://orders:${SECRET}@db`, args: ['-v', SECRET], port: 5432 };
    const hidden = hide(value);
    expect(hidden).toEqual({
      url: '••• 0000000000000001',
      args: ['-v', '••• 0000000000000002'],
      port: 5432,
    });
    expect(hide([SECRET])).toEqual(['••• 0000000000000002']);
    expect(holdsHidden(hidden)).toBe(true);
    expect(isHidden('••• 0000000000000002')).toBe(true);
  });

  it('are not what a redactor left in a text, nor a number', () => {
    expect(isHidden('•••')).toBe(false);
    expect(isHidden('a ••• 0000000000000002')).toBe(false);
    expect(holdsHidden([null, 1, 'plain', { a: '•••' }])).toBe(false);
  });

  it('leave every value without a secret alone, and let no secret through', () => {
    const text = fc.oneof(fc.string(), fc.constant(SECRET), fc.constant(`x${SECRET}y`));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('tree')),
        fc.dictionary(text, tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const json = JSON.stringify(value);
        const hidden = hider()(value);
        const shown = JSON.stringify(hidden);
        expect(shown).not.toContain(SECRET);
        expect(holdsHidden(hidden)).toBe(json.includes(SECRET));
        if (!json.includes(SECRET)) expect(shown).toBe(json);
      }),
    );
  });
});
