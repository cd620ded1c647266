import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../runbook/parse.ts';
import { type ExportedRunbook, libraryHtml, runbookHtml } from './runbook-html.ts';

const origin = { writtenAt: '2026-03-29T12:00:00.000Z', timeZone: 'UTC', version: '0.1.0' };

function bookOf(text: string, path = '/books/orders.md'): ExportedRunbook {
  const review = { state: 'never', review: null, isPastDue: false } as const;
  return { path, text, sha256: 'ab'.repeat(32), runbook: parse(text), review };
}
const exported = (text: string) => runbookHtml(bookOf(text), origin);
/** A tag as a browser reads it: what stands in quotes is no tag. */
const TAG = /<\/?([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"]*")?)*)\s*\/?>/g;
const TAGS = (
  'body main header footer section article nav div span p h1 h2 h3 h4 h5 h6 dl dt dd ol ul li a ' +
  'code pre blockquote em strong del hr br table thead tbody tr th td input sup svg circle path ' +
  'small html'
).split(' ');
/** What stands between the style sheet and the end. */
const bodyOf = (html: string) => html.slice(html.indexOf('<body>'));
const decoded = (html: string) =>
  html
    .replaceAll(/&#x([0-9A-F]+);/gi, (_all, hex) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

const text = `---
runbook: 1
title: Restore orders
review: 90d
objectives:
  - {component: Database, rto: 30m, rpo: 1h}
---
# Restore orders
See [the map](https://example.org/map), [mail](mailto:ops@example.org), [bad](javascript:alert(1)),
[next](./failover.md) and [below](#load). <b onclick="x()">Loud</b>

<script>alert(1)</script>

![Diagram](https://example.org/x.png "Flow")

## Load
### Load the dump
\`\`\`bash {id=load timeout=20m risk=destructive}
psql < "$DUMP" && echo '</pre><script>'
\`\`\`
- [ ] Rows match
- [x] Told support
`;

describe('an exported runbook', () => {
  test('has boxes for steps and tasks, contents, objectives and where everything stands', () => {
    const html = exported(text);
    expect(html).toContain('aria-label="Done: Load the dump"');
    expect(html).toContain('aria-label="Rows match"');
    expect(html.match(/type="checkbox"/g)).toHaveLength(3);
    expect(html).toContain('destructive · at most 20 min · line 17');
    expect(html).toContain('<a href="#line-17">Load the dump</a>');
    expect(html).toContain('30 min');
    expect(html).toContain('ab'.repeat(32));
    expect(html).toContain('Never reviewed.');
    expect(html).toContain('href="#line-16"');
  });

  test('lets nothing of the text become markup, and links only where that is safe', () => {
    const html = bodyOf(exported(text));
    expect(html).not.toMatch(/<script|<img|<b |href="javascript|href="\.\//i);
    expect(html).toContain('&#x3C;script>alert(1)&#x3C;/script>');
    expect(html).toContain('bad (javascript:alert(1))');
    expect(html).toContain('Image: Diagram, Flow (https://example.org/x.png)');
    expect(html).toContain('href="https://example.org/map"');
    expect(html).toContain('href="mailto:ops@example.org"');
  });

  test('of a library stands behind an index, each with places of its own', () => {
    const html = libraryHtml(
      'Team',
      [bookOf(text), bookOf('# Other\n\n## Do\n### It\nNow.\n')],
      origin,
    );
    expect(html).toContain('<a href="#book-2">Other</a>');
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
  });

  test('is as it is written where rendering would take too long', { timeout: 10_000 }, () => {
    for (const odd of [
      '> '.repeat(5_000),
      '['.repeat(100_000),
      '- '.repeat(3_000),
      '*a_ '.repeat(30_000),
    ]) {
      const html = exported(`## One\n### Two\n${odd}\n`);
      expect(html).toContain('Two');
    }
  });

  const word = fc.stringMatching(/^[a-z]{3,8}$/);
  const hostile = fc.constantFrom(
    '<script>',
    '</pre>',
    '<img src=x>',
    '"onload="',
    '<!-- ',
    ' -->',
    '](',
    '`',
    '*',
    '|',
    '$(x)',
    '\u202e',
    '\\',
  );
  const piece = fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: hostile });
  const shape = fc.constantFrom(
    (s: string) => s,
    (s: string) => `## ${s}`,
    (s: string) => `### ${s}`,
    (s: string) => `1. ${s}`,
    (s: string) => `- [ ] ${s}`,
    (s: string) => `  - ${s}`,
    (s: string) => `> ${s}`,
    (s: string) => `\`\`\`bash {id=${s.replaceAll(/\W/g, '') || 'x'}}`,
    () => '```',
    (s: string) => `    ${s}`,
    (s: string) => `<div>${s}`,
    (s: string) => `[${s}]: https://example.org/${s.replaceAll(/\W/g, '')}`,
    (s: string) => `| ${s} | b |`,
    () => '|---|---|',
    (s: string) => `[^1]: ${s}`,
    () => '',
    () => '---',
  );
  const line = fc
    .tuple(shape, fc.array(piece, { minLength: 1, maxLength: 5 }))
    .map(([make, words]) => make(words.join(' ')));

  test('loses no word and lets through no tag of the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
        const source = lines.join('\n');
        const html = bodyOf(exported(source));
        const plain = decoded(html);
        for (const [found] of source.matchAll(/[a-z]{3,}/g)) expect(plain).toContain(found);
        const rest = html.replace(TAG, (_tag, name: string, attributes: string) => {
          expect(TAGS).toContain(name.toLowerCase());
          expect(attributes).not.toMatch(/(?:^|\s)on\w+=/);
          return '';
        });
        expect(rest).not.toContain('<');
        expect(html).not.toContain('\u202e');
      }),
      { numRuns: 1_000 },
    );
  });

  test('is made of each bundled runbook, with every step', () => {
    const folder = new URL('../../../runbooks/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.md'))) {
      const source = readFileSync(new URL(file, folder), 'utf8');
      const html = exported(source);
      for (const phase of parse(source).phases) {
        for (const step of phase.steps) expect(html).toContain(`id="line-${step.line}"`);
      }
    }
  });
});
