import { expect, it } from 'vitest';
import { answerVariable, isAllowedFromParent } from './variables.ts';

it('lets no credential and no other cluster through from the parent', () => {
  for (const name of ['PATH', 'HOME', 'LC_ALL', 'SSH_AUTH_SOCK', 'https_proxy']) {
    expect(isAllowedFromParent(name)).toBe(true);
  }
  for (const name of ['KUBECONFIG', 'AWS_PROFILE', 'AWS_SECRET_ACCESS_KEY', 'PGPASSWORD', 'ENV']) {
    expect(isAllowedFromParent(name)).toBe(false);
  }
});

it('names an answer so that a shell can read it', () => {
  expect(['which-way', '2nd', 'a.b'].map(answerVariable)).toEqual(['WHICH_WAY', '_2ND', 'A_B']);
});
