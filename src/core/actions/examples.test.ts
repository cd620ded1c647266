import { describe, expect, it } from 'vitest';
import { parse } from '../runbook/parse.ts';
import { actionKinds } from './registry.ts';

const examples = actionKinds.flatMap(({ name, examples: own }) =>
  own.map((example, index) => ({ name, index, example })),
);

describe('the examples of the kinds', () => {
  it.each(examples)('read without a finding: $name $index', ({ name, example }) => {
    const text = `---\nrunbook: 1\ntitle: T\nrequires: {target: true}\ninputs:\n  RESTORED: {type: string, default: x}\n---\n# T\n\n## P\n\n### S\n\n\`\`\`${name} {id=s risk=safe}\n${example}\n\`\`\`\n`;
    const { findings, phases } = parse(text);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(phases[0]?.steps[0]?.action).toMatchObject({ kind: 'structured', language: name });
  });
});
