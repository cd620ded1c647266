import type { RuleDescription } from './rule.ts';
import { allRules } from './rules.ts';

/** The part of `docs/lint-rules.md` that is about the rules, as the rules themselves say it. */
export function rulesAsMarkdown(rules: readonly RuleDescription[] = allRules): string {
  const sorted = [...rules].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = sorted.map(
    ({ name, severity, summary }) => `| [\`${name}\`](#${name}) | ${severity} | ${summary} |`,
  );
  return [
    '| Rule | Severity | Found when |',
    '|---|---|---|',
    ...rows,
    '',
    ...sorted.flatMap(section),
  ].join('\n');
}

function section({ name, severity, summary, why, bad, good }: RuleDescription): string[] {
  return [
    `### ${name}`,
    '',
    `*${severity}*. ${summary} ${why}`,
    '',
    'Not this:',
    '',
    '````markdown',
    bad.trimEnd(),
    '````',
    '',
    'But this:',
    '',
    '````markdown',
    good.trimEnd(),
    '````',
    '',
  ];
}
