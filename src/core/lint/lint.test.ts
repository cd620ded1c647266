import { describe, expect, it } from 'vitest';
import { lint } from './lint.ts';
import { missingLink } from './reading-rules.ts';
import { wholeExample } from './rule.ts';
import { allRules } from './rules.ts';

const names = (text: string): string[] => [...new Set(lint(text).map(({ rule }) => rule))];

describe('the documented examples', () => {
  const shown = allRules.filter((rule) => !rule.told && rule !== missingLink);
  it.each(shown.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
    expect(names(wholeExample(rule.bad))).toEqual([name]);
    expect(names(wholeExample(rule.good))).toEqual([]);
    for (const finding of lint(wholeExample(rule.bad))) {
      expect(finding.severity).toBe(rule.severity);
      expect(finding.message).not.toBe('');
      expect(finding.remedy).toMatch(/\.$/);
    }
  });

  it('names each rule once, in kebab-case', () => {
    const all = allRules.map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(25);
    for (const name of all) expect(name).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
  });
});
