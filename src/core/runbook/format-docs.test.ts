import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frontMatterSchema } from './front-matter-schema.ts';
import { inputSchema } from './input-specs.ts';
import { parse } from './parse.ts';
import { attributeKeys } from './settings.ts';

/** What the reference shows has to be what is read. */
const reference = readFileSync(
  join(import.meta.dirname, '..', '..', '..', 'docs', 'runbook-format.md'),
  'utf8',
);
const examples = [...reference.matchAll(/^````(?:md|markdown)\n([\s\S]*?)^````$/gm)].map(
  ({ 1: text = '', index }) => ({
    line: reference.slice(0, index).split('\n').length,
    text: text.startsWith('---\n') ? text : `---\nrunbook: 1\n---\n${text}`,
  }),
);
const shown = examples.map(({ text }) => text).join('\n');

describe('the format reference', () => {
  it.each(examples)('has an example without errors on line $line', ({ text }) => {
    const { format, findings } = parse(text);
    expect(format).toBe('muster');
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it.each(Object.keys(frontMatterSchema.shape))('shows the key %s', (key) => {
    expect(shown).toMatch(new RegExp(`^${key}:`, 'm'));
  });

  it.each(Object.keys(inputSchema.shape))('shows the key %s of inputs', (key) => {
    expect(shown).toMatch(new RegExp(`[{ ]${key}: `));
  });

  it.each(attributeKeys)('shows the attribute %s', (key) => {
    expect(shown).toMatch(new RegExp(`[{ ]${key}[= }]`));
  });
});
