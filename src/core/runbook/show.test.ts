import { describe, expect, it } from 'vitest';
import { parse } from './parse.ts';
import { show } from './show.ts';

const GUIDE = `# Guide

## Phase
### Step
\`\`\`bash
ls
\`\`\`
\`\`\`yaml
a: b
\`\`\`
| A | B |
|---|---|
| 1 | 2 |
`;

describe('show', () => {
  it('gives ranges for every step, part, fence and table', () => {
    expect(show(parse(GUIDE), GUIDE)).toMatchObject({
      title: 'Guide',
      format: 'guide',
      lines: 13,
      introRange: { start: 1, end: 2 },
      phases: [
        {
          title: 'Phase',
          line: 3,
          range: { start: 3, end: 13 },
          steps: [
            {
              id: 'step',
              line: 4,
              actions: [{ kind: 'shell', language: 'bash', line: 5, reviewed: false, code: 'ls' }],
              parts: [
                { kind: 'action', range: { start: 5, end: 7 } },
                { kind: 'prose', range: { start: 8, end: 13 } },
              ],
            },
          ],
        },
      ],
      fences: [
        { language: 'bash', line: 5, step: 'step', closed: true },
        { language: 'yaml', line: 8, step: null, range: { start: 8, end: 10 } },
      ],
      tables: [{ range: { start: 11, end: 13 }, rows: 1 }],
    });
  });

  it('gives no action for a step by hand', () => {
    expect(show(parse('### A\n'), '### A\n').phases[0]?.steps[0]?.actions).toEqual([]);
  });
});
