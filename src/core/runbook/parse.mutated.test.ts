import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { adopt } from '../adopt/adopt.ts';
import { expectSound } from './test/sound.ts';

/** Whole runbooks with something wrong in them: the templates and a guide, cut up and glued anew. */

const root = join(import.meta.dirname, '..', '..', '..');
const templates = join(root, 'resources', 'templates');
const wholes = [
  ...readdirSync(templates).map((name) => readFileSync(join(templates, name), 'utf8')),
  readFileSync(join(root, 'runbooks', 'practice', 'restore-orders.md'), 'utf8'),
  '# Guide\n\n| Part | RTO | RPO |\n|---|---|---|\n| DB | 1h | 5m |\n\n## Do\n\n1. One\n   ```bash\n   ls <dir>\n   ```\n2. Two\n\n```console\n$ ls\nout\n```\n\n```sql\nSELECT 1;\n```\n\n~~~markdown\n## In\n```sh\na\n```\n~~~\n',
];

const piece = fc.constantFrom(
  '```',
  '~~~',
  '````markdown\n',
  '{',
  '}',
  '"',
  "'",
  '\\',
  '\n',
  '\r\n',
  '\r',
  '\t',
  '    ',
  '> ',
  '1. ',
  '- [ ] ',
  '# ',
  '### ',
  '---\n',
  '+++\n',
  ': ',
  '|',
  '<!--',
  '<',
  '$ ',
  '\0',
  '\uFEFF',
  '\uD800',
  '€',
  '&#125;',
  '(a+)+$',
  ' if="',
  ' capture=',
  '[[[[',
);
/** Where, as a share of the text, and what to do there. */
const mutation = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom('insert', 'cut', 'copy', 'swap'),
  piece,
);

function mutate(text: string, [from, to, how, what]: [number, number, string, string]): string {
  const start = Math.floor(Math.min(from, to) * text.length);
  const end = Math.min(Math.floor(Math.max(from, to) * text.length), start + 200);
  const stretch = text.slice(start, end);
  switch (how) {
    case 'insert':
      return text.slice(0, start) + what + text.slice(start);
    case 'cut':
      return text.slice(0, start) + text.slice(end);
    case 'copy':
      return text.slice(0, end) + stretch + text.slice(end);
    default:
      return text.slice(0, start) + [...stretch].reverse().join('') + text.slice(end);
  }
}

describe('mutated runbooks', () => {
  it('are read whole, printed as they were, and adopted or refused', () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...wholes),
        fc.boolean(),
        fc.array(mutation, { minLength: 1, maxLength: 8 }),
      )
      .map(([whole, plain, mutations]) =>
        mutations.reduce(mutate, plain ? whole.replace(/^runbook: 1$/m, 'layout: x') : whole),
      );
    fc.assert(
      fc.property(mutated, (text) => {
        expectSound(text);
        adopt(text);
      }),
      // MUSTER_FUZZ=200000 for the long count.
      { numRuns: Number(process.env.MUSTER_FUZZ ?? 300) },
    );
  }, 1_800_000);
});
