import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rulesAsMarkdown } from './documentation.ts';
import { allRules } from './rules.ts';

const file = join(import.meta.dirname, '../../../docs/lint-rules.md');
const BEGIN = '<!-- rules: written by `MUSTER_DOCS=1 npm test -- unit lint/documentation` -->\n';

/** The text before the rules is a person's; the rest is what the rules say of themselves. */
it('docs/lint-rules.md has every rule, with its examples', () => {
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  const head = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
  const whole = `${head}\n${rulesAsMarkdown()}`;
  if (process.env.MUSTER_DOCS) writeFileSync(file, whole);
  expect(text.includes(BEGIN)).toBe(true);
  expect(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')).toBe(whole);
  for (const { name } of allRules) expect(whole).toContain(`\n### ${name}\n`);
});

it('describes all that reading a runbook reports', () => {
  const folder = join(import.meta.dirname, '../runbook');
  const known = new Set(allRules.map(({ name }) => name));
  const unknown: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const source = readFileSync(join(folder, name), 'utf8');
    for (const match of source.matchAll(/\b[Ff]indings\.(?:error|warning)\(\s*'([a-z0-9-]+)'/g)) {
      // Describe it in reading-rules.ts, then write the documentation anew.
      if (!known.has(match[1] ?? '')) unknown.push(`${name}: ${match[1]}`);
    }
  }
  expect(unknown).toEqual([]);
});
