import { missingLink, readingRules } from './reading-rules.ts';
import type { Rule, RuleDescription } from './rule.ts';
import { conditionRules } from './rules/conditions.ts';
import { endlessRules } from './rules/endless.ts';
import { failureRules } from './rules/failures.ts';
import { fileRules } from './rules/files.ts';
import { promiseRules } from './rules/promises.ts';
import { riskRules } from './rules/risk.ts';
import { secretRules } from './rules/secrets.ts';
import { structureRules } from './rules/structure.ts';
import { targetRules } from './rules/targets.ts';
import { unusedRules } from './rules/unused.ts';
import { valueRules } from './rules/values.ts';

/** The rules that look at a runbook after it was read, by idea. */
export const lintRules: readonly Rule[] = [
  ...secretRules,
  ...targetRules,
  ...riskRules,
  ...fileRules,
  ...failureRules,
  ...endlessRules,
  ...valueRules,
  ...unusedRules,
  ...conditionRules,
  ...promiseRules,
  ...structureRules,
];

/** Every rule that Muster knows by itself, those of reading included. */
export const allRules: readonly RuleDescription[] = [...readingRules, ...lintRules, missingLink];

export function ruleNamed(name: string): RuleDescription | undefined {
  return allRules.find((rule) => rule.name === name);
}
