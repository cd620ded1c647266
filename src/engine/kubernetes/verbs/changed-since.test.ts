import { expect, it } from 'vitest';
import { fieldInWords } from './changed-since.ts';

it('says both values of a field, and neither where the one that was left is not kept', () => {
  expect(fieldInWords('spec.replicas', 3, 5)).toBe('spec.replicas is 5, the step left 3');
  for (const left of ['••• 00000000000000aa', ['-v', '••• 00000000000000aa']]) {
    expect(fieldInWords('args', left, 'hunter2-hunter2')).not.toContain('hunter2');
  }
});
