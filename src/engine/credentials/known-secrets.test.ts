import { describe, expect, it } from 'vitest';
import { createKnownSecrets } from './known-secrets.ts';

describe('known secrets', () => {
  it('are taken out of texts and problems, from the moment they are known', () => {
    const known = createKnownSecrets();
    expect(known.text('hunter22')).toBe('hunter22');
    known.add('hunter22');
    known.add('swordfish');
    known.add('abc');
    expect(known.text('hunter22 and c3dvcmRmaXNo, abc')).toBe('••• and •••, abc');
    expect(
      known.problem({
        code: 'x',
        what: 'hunter22 failed.',
        safe: 'swordfish',
        next: 'a',
        place: { file: '/a' },
        detail: 'hunt\ner22',
      }),
    ).toEqual({
      code: 'x',
      what: '••• failed.',
      safe: '•••',
      next: 'a',
      place: { file: '/a' },
      detail: '•••',
    });
  });

  it('keep of what passes only the last two, and all that lasts', () => {
    const known = createKnownSecrets();
    known.add('swordfish');
    for (const token of ['token-1', 'token-2', 'token-3']) {
      known.addPassing('cluster', [token, 'client-key', 'abc']);
      known.addPassing('cluster', [token, 'client-key']);
    }
    known.addPassing('store', ['session-1']);
    expect([...known.all()].sort()).toEqual([
      ...['client-key', 'session-1', 'swordfish', 'token-2', 'token-3'],
    ]);
    expect(known.all()).toBe(known.all());
    expect(known.text('token-3 of client-key')).toBe('••• of •••');
  });
});
