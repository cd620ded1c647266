import { describe, expect, it } from 'vitest';
import { allSteps } from '../../core/runbook/model.ts';
import { parse } from '../../core/runbook/parse.ts';
import { laidOut } from './parts.ts';

function stepOf(text: string) {
  const [step] = allSteps(parse(`# T\n\n## Phase\n\n### Step\n\n${text}`));
  if (step === undefined) throw new Error('The text has no step.');
  return step;
}

describe('what is laid out of a step', () => {
  it('is all of an ordinary one', () => {
    const step = stepOf('Prose.\n\n```sh\nls\n```\n\n- [ ] a\n- [ ] b\n');
    expect(laidOut(step)).toEqual({ parts: step.parts, rest: '' });
  });

  it('is the beginning of one with thousands of tasks, and none is missing', () => {
    const tasks = Array.from({ length: 3_000 }, (_, index) => `- [ ] task ${index}`);
    const { parts, rest } = laidOut(stepOf(tasks.join('\n')));
    expect(parts).toMatchObject([{ kind: 'tasks', first: 0, count: 200 }]);
    expect(rest).toBe(tasks.slice(200).join('\n'));
  });

  it('is the beginning of one with thousands of parts, its command included', () => {
    const pairs = Array.from(
      { length: 300 },
      (_, index) => `- [ ] task ${index}\n\nProse ${index}`,
    );
    const { parts, rest } = laidOut(stepOf(`${pairs.join('\n\n')}\n\n\`\`\`sh\nls\n\`\`\`\n`));
    expect(parts).toHaveLength(200);
    expect(rest).toContain('- [ ] task 299\nProse 299');
    expect(rest).toMatch(/ls$/);
  });
});
