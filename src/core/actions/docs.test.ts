import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from '../runbook/parse.ts';

const FRONT = `---
runbook: 1
title: T
requires: {target: true}
inputs: {SINCE: {}, DUMP: {}, BACKUP_KEY: {}, RESTORED: {}}
---
# T

## P

`;

const examples = ['databases', 'checks', 'notify'].flatMap((page) => {
  const text = readFileSync(new URL(`../../../docs/steps/${page}.md`, import.meta.url), 'utf8');
  return [...text.matchAll(/^````markdown\n([\s\S]*?)^````$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    example: match[1] ?? '',
  }));
});

describe('the examples of the documentation of steps', () => {
  it.each(examples)('read without an error: $page line $line', ({ example }) => {
    let steps = 0;
    const text = example.replace(/^```\w+ \{/gm, (fence) => {
      steps += 1;
      return `### Step ${steps}\n\n${fence}`;
    });
    const { findings, phases } = parse(FRONT + text);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const kinds = phases.flatMap((phase) => phase.steps.map(({ action }) => action?.kind));
    expect(kinds).toEqual(Array(steps).fill('structured'));
  });
});
