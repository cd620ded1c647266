import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitLines } from '../runbook/lines.ts';
import { allSteps, type Runbook } from '../runbook/model.ts';
import { parse } from '../runbook/parse.ts';
import { adopt } from './adopt.ts';

function copyOf(text: string): string {
  const result = adopt(text);
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.text;
}

const commands = (runbook: Runbook) =>
  allSteps(runbook).flatMap(({ action }) => (action?.kind === 'shell' ? [action] : []));

const GUIDE = [
  '# Shop: restore procedure',
  '',
  '| Component | RTO | RPO |',
  '|---|---|---|',
  '| Data: base | 90 minutes | 1h |',
  '',
  '## Restore',
  '',
  '### Load {it}',
  '',
  '```bash',
  "psql -h <db-host> -c 'drop table <TABLE>'",
  'echo "from <db-host>" # not <here>',
  '```',
  '',
  '### Ask',
  '',
  '```sql {#q',
  'SELECT 1;',
  '```',
  '',
  '```console',
  '$ ls <dir>',
  'a <b>',
  '```',
  '',
].join('\r\n');

describe('adopting a guide', () => {
  it('writes what it read into the copy, and names its guesses', () => {
    expect(copyOf(GUIDE).split('\r\n')).toEqual([
      '---',
      'runbook: 1',
      'title: "Shop: restore procedure"',
      'kind: restore',
      'system: "shop"',
      'objectives:',
      '  - {component: "Data: base", rto: 90m, rpo: 1h}',
      'inputs:',
      '  DB_HOST: {help: "Stands for <db-host> in the guide."}',
      '  TABLE: {help: "Stands for <TABLE> in the guide."}',
      '  DIR: {help: "Stands for <dir> in the guide."}',
      'guess: [kind, system, objectives, inputs]',
      '---',
      ...GUIDE.split('\r\n').slice(0, 8),
      '### Load {it&#125;',
      '',
      '```bash {id=load-it risk=destructive timeout=5m guess="risk timeout inputs"}',
      'psql -h "$DB_HOST" -c \'drop table \'"$TABLE"\'\'',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
      'echo "from ${DB_HOST}" # not <here>',
      '```',
      '',
      '### Ask',
      '',
      '```text sql (#q',
      'SELECT 1;',
      '```',
      '',
      '```console {id=ls-dir risk=safe timeout=1m guess="risk timeout inputs"}',
      '$ ls "$DIR"',
      'a <b>',
      '```',
      '',
    ]);
  });

  it('reports each guess until it is confirmed, and lets no guess run by itself', () => {
    const result = adopt(GUIDE);
    expect(result).toMatchObject({ ok: true, runbook: { format: 'muster' } });
    if (!result.ok) return;
    const rules = result.runbook.findings.map(({ rule }) => rule);
    expect(rules.filter((rule) => rule === 'guessed')).toHaveLength(3);
    expect(commands(result.runbook).map(({ reviewed }) => reviewed)).toEqual([false, false]);
    const confirmed = parse(result.text.replace(' guess="risk timeout inputs"', ''));
    expect(commands(confirmed).map(({ reviewed }) => reviewed)).toEqual([true, false]);
  });

  it.each([
    ['Jekyll', '---\nlayout: page\ntitle: Wiki\n---\n\n## A\n', '```yaml\n---\nlayout: page\n'],
    ['Hugo', '+++\ntitle = "Wiki"\n+++\n\n## A\n', '```yaml\n+++\ntitle = "Wiki"\n+++\n```\n'],
    ['Docusaurus', '---\nid: wiki\ntitle: Wiki\n---\n## A\n', 'id: wiki\ntitle: Wiki\n---\n```\n'],
  ])('keeps the front matter of %s as code', (_, guide, kept) => {
    const copy = copyOf(guide);
    expect(copy).toContain(kept);
    expect(parse(copy)).toMatchObject({
      title: 'Wiki',
      format: 'muster',
      phases: [{ title: 'A' }],
    });
  });

  it('keeps what is inside a fence that nests', () => {
    const guide = '# T\n\n````markdown\n## A\n```sh\nls\n```\n## B\n````\n';
    const copy = copyOf(guide.replaceAll('````', '```'));
    expect(copy).toContain('<!-- ```markdown -->');
    expect(commands(parse(copy)).map(({ code }) => code)).toEqual(['ls']);
  });

  it('keeps ids that were given, and makes those unique that were not', () => {
    const guide =
      '## P\n### A {#one}\n```sh\na\n```\n### B {#one}\n```sh\nb\n```\n```sh {name=one}\nc\n```\n';
    const copy = parse(copyOf(guide));
    const ids = allSteps(copy).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toContain('one');
  });

  it('takes titles in any script', () => {
    const copy = parse(
      copyOf('## 设置\n### インストール\n```sh\na\n```\n### सेटअप\n```sh\nb\n```\n'),
    );
    expect(allSteps(copy)[0]?.id).toBe('インストール');
  });

  it('takes long texts', () => {
    const guide = `### S\n\`\`\`bash\n${'psql -h <db-host> "<x>"\n'.repeat(100_000)}\`\`\`\n`;
    expect(copyOf(guide)).toContain('psql -h "$DB_HOST" "');
    expect(copyOf(`---\ntitle: ${'` '.repeat(300_000)}\n---\n### S\n`)).toContain('runbook: 1');
  });

  it('refuses a runbook of the format', () => {
    expect(adopt('---\nrunbook: 1\n---\n')).toEqual({ ok: false, why: 'already' });
  });

  const line = fc.constantFrom(
    '',
    'Text of <NAME>',
    '# T',
    '## P',
    '### S',
    '### S {#a}',
    '### Not {attributes}',
    '#### {name}',
    '```',
    '~~~',
    '```bash',
    '```bash {id=a timeout=1m risk=safe}',
    '```sh {broken',
    '~~~sh {timeout=soon}',
    '```sh {undo=nobody if="1 +"}',
    '```console',
    '$ ls <dir>',
    'cat <FILE> # <c>',
    '```sql',
    '```yaml {id=y}',
    '```ask',
    '```markdown',
    '1. one',
    '   ```sh',
    '   ```',
    '- [ ] task',
    '> ```bash',
    '> ls',
    '> ```',
    '---',
    'title: x',
    '+++',
    '| A | RTO |',
    '|---|---|',
    '| b | 1h |',
    '<!--',
    '-->',
  );
  const text = fc
    .tuple(
      fc.constantFrom('', '\uFEFF', '---\ntitle: x\n---\n'),
      fc.array(line, { maxLength: 30 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
    )
    .map(([head, lines, end, last]) => head + lines.join(end) + (last ? end : ''));

  it('gives a runbook without errors, loses no line, and lets none of its commands run unseen', () => {
    fc.assert(
      fc.property(text, (guide) => {
        const result = adopt(guide);
        expect(result).toMatchObject({ ok: true });
        if (!result.ok) return;
        const copied = splitLines(result.text);
        let at = 0;
        for (const source of splitLines(guide)) {
          // Lines that Muster annotates are compared by what they begin with.
          const whole = !/[<{]|^\s*>?\s*(?:`|~|#)/.test(source);
          const begins = source
            .replace(/[<{].*/, '')
            .replace(/([`~]{3}).*/, '$1')
            .trimEnd();
          const found = copied.findIndex(
            (other, i) =>
              i >= at &&
              (whole ? other === source : other.replace(/^<!-- /, '').startsWith(begins)),
          );
          expect(found, source).toBeGreaterThanOrEqual(at);
          at = found + 1;
        }
        const before = commands(parse(guide));
        const after = commands(result.runbook);
        expect(after).toHaveLength(before.length);
        expect(after.filter(({ reviewed }) => reviewed)).toEqual([]);
      }),
      { numRuns: Number(process.env.MUSTER_FUZZ ?? 1500) },
    );
  });
});
