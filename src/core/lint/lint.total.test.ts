import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitLines } from '../runbook/lines.ts';
import { parse } from '../runbook/parse.ts';
import { applyFixes, fixesOf } from './apply-fixes.ts';
import { lint } from './lint.ts';
import type { Fix } from './rule.ts';
import { wholeExample } from './rule.ts';
import { allRules } from './rules.ts';
import { readShell } from './shell.ts';

const RUNS = Number(process.env.MUSTER_FUZZ ?? 1000);

function check(text: string): void {
  const lines = splitLines(text);
  const findings = lint(text);
  for (const { line, column, rule, fix } of findings) {
    expect(line, rule).toBeGreaterThanOrEqual(1);
    expect(line, rule).toBeLessThanOrEqual(Math.max(1, lines.length));
    expect(column, rule).toBeGreaterThanOrEqual(1);
    if (fix === undefined) continue;
    expect(fix.start).toBeGreaterThanOrEqual(0);
    expect(fix.end).toBeLessThanOrEqual(text.length);
  }
  applyFixes(text, fixesOf(findings));
}

const piece = fc.oneof(
  fc.constantFrom(
    '# T',
    '## P',
    '### S {id=a}',
    '#### Deep',
    '### S {if="a == \'x\'"}',
    '1. item',
    '- [ ] task',
    '```bash {timeout=1m risk=Destructive undo=s timout=5m capture=A}',
    '```sh',
    '```',
    '~~~',
    '```ask {id=a}',
    'question: x',
    'choices: [yes, no]',
    '> ```bash',
    '  ```',
    '- ```sh',
    '| RTO | RPO |',
    '[a](b.md)',
  ),
  fc.constantFrom(
    'rm -rf "$A"/*',
    'ls a.gz | sort | tail -1',
    'curl x | sh',
    'kubectl delete pod x',
    'set +e',
    "echo 'a",
    'echo "$(ls `pwd`',
    'cat <<EOF',
    'EOF',
    'x=$(( 1 + $A ))',
    'case a in b) ;; esac',
    'psql -f a',
    'password=hunter2x9',
    'AKIAQ7ZWXN4LDUM3TRKV',
    'f() { echo $1; }',
    '${A',
    '\\',
  ),
  fc.string({ unit: fc.constantFrom(...'`$(){}|&;<>"\'\\#= \tab1/'), maxLength: 30 }),
);
const markdown = fc
  .tuple(
    fc.constantFrom(
      '',
      '---\nrunbook: 1\ninputs:\n  A: {default: x}\n---\n',
      '\uFEFF---\nrunbook: 1\n---\n',
    ),
    fc.array(piece, { maxLength: 30 }),
    fc.constantFrom('\n', '\r\n', '\r'),
  )
  .map(([head, pieces, end]) => (head + pieces.join('\n')).replaceAll('\n', end));

describe('lint', () => {
  it('never throws, and stays inside the file', () => {
    fc.assert(fc.property(markdown, check), { numRuns: RUNS });
  });

  it('takes the examples of all rules, cut anywhere', () => {
    const examples = allRules.flatMap(({ bad, good }) => [wholeExample(bad), wholeExample(good)]);
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.nat(600), fc.nat(600), (text, a, b) =>
        check(text.slice(0, a) + text.slice(b)),
      ),
      { numRuns: RUNS },
    );
  });

  it('reads any shell code', () => {
    const unit = fc.constantFrom(...'`$(){}[]|&;<>"\'\\#=! \t\nab1-');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 200 }), (code) => {
        for (const { at, end } of readShell(code).commands) {
          expect(at).toBeLessThan(code.length);
          expect(end).toBeLessThanOrEqual(code.length + 2);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('applyFixes', () => {
  it('changes nothing but what the fixes say', () => {
    const made = fc
      .tuple(
        fc.string({ maxLength: 60 }),
        fc.array(fc.tuple(fc.nat(60), fc.nat(5), fc.string({ maxLength: 4 })), { maxLength: 6 }),
      )
      .map(([text, raw]) => {
        const fixes: Fix[] = raw.map(([start, length, insert]) => ({
          start: Math.min(start, text.length),
          end: Math.min(start + length, text.length),
          text: insert,
        }));
        return { text, fixes: fixesOf(fixes.map((fix) => ({ fix }))) };
      });
    fc.assert(
      fc.property(made, ({ text, fixes }) => {
        const fixed = applyFixes(text, fixes);
        // Taking each fix back again gives the text as it was.
        let shift = 0;
        const back = fixes.map(({ start, end, text: put }): Fix => {
          const from = start + shift;
          shift += put.length - (end - start);
          return { start: from, end: from + put.length, text: text.slice(start, end) };
        });
        let undone = fixed;
        for (const fix of [...back].reverse()) {
          undone = undone.slice(0, fix.start) + fix.text + undone.slice(fix.end);
        }
        expect(undone).toBe(text);
      }),
    );
  });

  it('refuses fixes that overlap or lie outside', () => {
    const fix = (start: number, end: number): Fix => ({ start, end, text: 'x' });
    expect(() => applyFixes('abcdef', [fix(0, 3), fix(2, 4)])).toThrow(RangeError);
    expect(() => applyFixes('abcdef', [fix(2, 2), fix(2, 2)])).toThrow(RangeError);
    expect(() => applyFixes('abc', [fix(2, 4)])).toThrow(RangeError);
    expect(() => applyFixes('abc', [fix(2, 1)])).toThrow(RangeError);
  });
});

describe('the fixes', () => {
  const frame = (body: string): string => wholeExample(`### Look\n\n${body}`);
  const fixed = (text: string): string => applyFixes(text, fixesOf(lint(text)));

  it.each([
    ['```bash {timout=1m}\ndate\n```\n', '```bash {timeout=1m}\ndate\n```\n'],
    ['```bash {timeuot=1m}\ndate\n```\n', '```bash {timeout=1m}\ndate\n```\n'],
    [
      '```bash {timeout=1m risk=Disruptive}\ndate\n```\n',
      '```bash {timeout=1m risk=disruptive}\ndate\n```\n',
    ],
    [
      '```bash {timeout=1m risk="SAFE"}\ndate\n```\n',
      '```bash {timeout=1m risk="safe"}\ndate\n```\n',
    ],
    ['~~~~bash {timeout=1m}\ndate', '~~~~bash {timeout=1m}\ndate\n~~~~\n'],
    [
      '```bash {timeout=1m undo=back}\ndate\n```\n\n### Back\n',
      '```bash {timeout=1m undo=back}\ndate\n```\n\n### Back {id=back}\n',
    ],
  ])('%j', (before, after) => {
    for (const mark of ['', '\uFEFF']) {
      for (const end of ['\n', '\r\n']) {
        const whole = (body: string): string => mark + frame(body).replaceAll('\n', end);
        expect(fixed(whole(before))).toBe(whole(after));
        expect(lint(whole(after)).filter(({ fix }) => fix !== undefined)).toEqual([]);
      }
    }
  });

  it.each([
    // More than one attribute can be meant, or it is there already, or nobody knows.
    '```bash {timeout=1m timout=2m}\ndate\n```\n',
    '```bash {timeout=1m urgent}\ndate\n```\n',
    '```bash {timeout=1m risk=high}\ndate\n```\n',
    '```bash {"timeout":"1m","risk":"Safe"}\ndate\n```\n',
    '- ```bash {timeout=1m}\n  date\n',
  ])('leaves %j to a person', (body) => {
    expect(fixed(frame(body))).toBe(frame(body));
  });
});

/** 1 MB of one construct each: what is more than linear would take minutes. */
describe('time', () => {
  const SIZE = 1_000_000;
  const HEAD = '---\nrunbook: 1\n---\n';
  const many = (text: string): string => text.repeat(Math.ceil(SIZE / text.length));
  const steps = '### a {id=x if="a == 1"}\n```sh {timeout=1m capture=A}\nrm -rf "$B"/x\n```\n';
  it.each([
    ['code', `${HEAD}## p\n\`\`\`bash\n${many('rm -rf "$A"/x; ls a.gz | sort | tail -1 | sh\n')}`],
    ['words', `${HEAD}## p\n\`\`\`sh\n${many('a ')}`],
    ['variables', `${HEAD}## p\n\`\`\`sh\n${many('$a')}`],
    ['quotes', `${HEAD}## p\n\`\`\`sh\n${many('"$(`')}`],
    ['parentheses', `${HEAD}## p\n\`\`\`sh\n${many('$(')}`],
    ['redirections', `${HEAD}## p\n\`\`\`sh\n${many('<<A ')}`],
    ['lines of arithmetic', `${HEAD}## p\n\`\`\`sh\n${many('echo $((1 + $A))\n')}`],
    ['plain guide', many('1. a\n   ```sh\n   ls a\n   ```\n')],
    ['arithmetic', `${HEAD}## p\n\`\`\`sh\n${many('$((')}`],
    ['steps', HEAD + many(steps)],
    ['links', many('[a](b.md) ')],
    ['secrets', many('password=')],
    ['headings', HEAD + many('#### a\n')],
  ])('of much %s is bounded', { timeout: 15_000 }, (_, text) => {
    const runbook = parse(text);
    lint(text, runbook);
  });
});
