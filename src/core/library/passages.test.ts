import { expect, it } from 'vitest';
import { parse } from '../runbook/parse.ts';
import { passagesOf } from './passages.ts';

it('a runbook is its intro, its phases and its steps, commands apart from prose', () => {
  const text =
    '# T\n\nBefore all.\n\n## Phase\n\nOf the phase.\n\n### Step one\n\nRead this.\n\n```sh\nls -l\n```\n\n- [ ] Looks good\n';
  expect(passagesOf(parse(text))).toMatchObject(
    [
      { step: null, title: '', line: 1, prose: 'Before all.' },
      { step: null, title: 'Phase', line: 5, prose: 'Of the phase.' },
      { step: 'step-one', title: 'Step one', line: 9, command: 'ls -l', prose: /Read this/ },
    ].map((passage) => ({ ...passage, prose: expect.stringMatching(passage.prose) })),
  );
});

it('what nobody reads is not searched to its end', () => {
  const steps = Array.from({ length: 50 }, (_, n) => `### S${n}\n\n${'word '.repeat(4_000)}\n\n`);
  const passages = passagesOf(parse(`# T\n\n## A\n\n${steps.join('')}`));
  const size = passages.reduce((sum, { prose }) => sum + prose.length, 0);
  expect(size).toBeLessThanOrEqual(400_000);
  expect(size).toBeGreaterThan(350_000);
});
